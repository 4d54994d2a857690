import '@xyflow/react/dist/base.css';
import {
  Background,
  BackgroundVariant,
  type Edge,
  Panel,
  ReactFlow,
  ReactFlowProvider,
  useOnSelectionChange,
  useReactFlow,
} from '@xyflow/react';
import { type ReactElement, useCallback, useEffect, useMemo, useRef, useState } from 'react';
import type { SurfaceProps } from '../../documents/surface.ts';
import { useHolders } from '../../presence/holders.ts';
import { usePlace } from '../../presence/use-place.ts';
import { useFollowedCursor } from '../../project/follow.tsx';
import hint from '../hint.module.css';
import { BoxCanvas, type BoxContext, BoxNodeView } from './box-node.tsx';
import style from './canvas.module.css';
import { CanvasCursors } from './canvas-cursors.tsx';
import { Toolbar } from './toolbar.tsx';
import { useCanvas } from './use-canvas.ts';
import { type BoxNode, useFlowNodes } from './use-flow-nodes.ts';

const NODE_TYPES = { box: BoxNodeView };
const EDGE_OPTIONS = { type: 'smoothstep', focusable: true };
const DELETE_KEYS = ['Backspace', 'Delete'];
/** As near as everything can be seen from, and not so far that nothing can be read. */
const FIT = { minZoom: 0.55, maxZoom: 1, padding: 0.2 };
/** Milliseconds in which the view goes where the followed person went. */
const GLIDE_MS = 150;

/** Boxes on a plane, and what connects them. */
export function Canvas(props: SurfaceProps): ReactElement {
  return (
    <ReactFlowProvider>
      <Flow {...props} />
    </ReactFlowProvider>
  );
}

function Flow({ documentId, doc, edits, isReadOnly }: SurfaceProps): ReactElement {
  const { boxes, connections, actions, move } = useCanvas({ doc, edits });
  const [nodes, changeNodes] = useFlowNodes(boxes, move);
  const [selected, setSelected] = useState<{ boxes: readonly string[]; connections: readonly string[] }>(
    NOTHING,
  );
  const [renaming, setRenaming] = useState<string>();
  const flow = useReactFlow<BoxNode>();
  const place = usePlace(documentId);
  const holders = useHolders(documentId);
  const surface = useRef<HTMLDivElement>(null);
  useFollowedView(documentId);

  const edges = useMemo<Edge[]>(
    () => connections.map((one) => ({ ...one, selected: selected.connections.includes(one.id) })),
    [connections, selected],
  );
  const onChange = useCallback(
    ({ nodes: some, edges: others }: { nodes: BoxNode[]; edges: Edge[] }) => {
      setSelected({ boxes: some.map(({ id }) => id), connections: others.map(({ id }) => id) });
      const [first] = some;
      place.select(first?.id, first && { type: 'canvas', ...first.position });
    },
    [place],
  );
  useOnSelectionChange<BoxNode>({ onChange });

  const context = useMemo<BoxContext>(
    () => ({ holders, isReadOnly, renaming, rename: setRenaming, setLabel: actions.setLabel }),
    [holders, isReadOnly, renaming, actions],
  );

  function add(clientX: number, clientY: number): void {
    const { x, y } = flow.screenToFlowPosition({ x: clientX, y: clientY });
    setRenaming(actions.add([Math.round(x - 48), Math.round(y - 22)]));
  }

  function addInView(): void {
    const { left, top, width, height } = surface.current?.getBoundingClientRect() ?? new DOMRect();
    // Not all in one place, when one adds several.
    const shift = (boxes.length % 5) * 28;
    add(left + width / 2 + shift, top + height / 2 + shift);
  }

  return (
    <BoxCanvas value={context}>
      {/* biome-ignore lint/a11y/noStaticElementInteractions: it only tells others where one points */}
      <div
        ref={surface}
        className={style.canvas}
        onPointerMove={({ clientX, clientY }) => {
          const { x, y } = flow.screenToFlowPosition({ x: clientX, y: clientY }, { snapToGrid: false });
          place.point({ type: 'canvas', x, y, zoom: flow.getZoom() });
        }}
        onKeyDown={({ key }) => key === 'F2' && setRenaming(selected.boxes[0])}
      >
        <ReactFlow<BoxNode>
          nodes={nodes}
          edges={edges}
          nodeTypes={NODE_TYPES}
          defaultEdgeOptions={EDGE_OPTIONS}
          onNodesChange={changeNodes}
          onEdgesChange={(changes) => {
            const picked = changes.flatMap((each) =>
              each.type === 'select' && each.selected ? each.id : [],
            );
            setSelected((known) => ({ ...known, connections: picked }));
          }}
          onConnect={({ source, target }) => actions.connect(source, target)}
          onDelete={({ nodes: gone, edges: cut }) =>
            actions.remove(
              gone.map(({ id }) => id),
              cut.map(({ id }) => id),
            )
          }
          onPaneClick={(event) => event.detail === 2 && !isReadOnly && add(event.clientX, event.clientY)}
          nodesDraggable={!isReadOnly}
          nodesConnectable={!isReadOnly}
          deleteKeyCode={isReadOnly ? null : DELETE_KEYS}
          zoomOnDoubleClick={false}
          minZoom={0.2}
          maxZoom={2.5}
          fitView
          fitViewOptions={FIT}
        >
          <Background variant={BackgroundVariant.Dots} gap={20} size={1.4} />
          <CanvasCursors documentId={documentId} />
          <Panel position="bottom-center">
            <Toolbar
              isReadOnly={isReadOnly}
              selectedCount={selected.boxes.length + selected.connections.length}
              onAdd={addInView}
              onRename={() => setRenaming(selected.boxes[0])}
              onDelete={() => actions.remove(selected.boxes, selected.connections)}
              onFit={() => void flow.fitView({ ...FIT, duration: 200 })}
            />
          </Panel>
        </ReactFlow>
        {boxes.length === 0 && <p className={hint.hint}>Nothing here yet. Double-click to put a box.</p>}
      </div>
    </BoxCanvas>
  );
}

const NOTHING = { boxes: [], connections: [] };

/** Keeps in view where the followed person points, from as near as that person is. */
function useFollowedView(documentId: string): void {
  const flow = useReactFlow();
  const position = useFollowedCursor(documentId, 'canvas')?.position;
  useEffect(() => {
    if (position) {
      const duration = matchMedia('(prefers-reduced-motion: reduce)').matches ? 0 : GLIDE_MS;
      void flow.setCenter(position.x, position.y, {
        zoom: position.zoom ?? flow.getZoom(),
        duration,
      });
    }
  }, [position, flow]);
}
