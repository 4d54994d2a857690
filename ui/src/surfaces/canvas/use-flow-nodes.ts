import { applyNodeChanges, type Node, type NodeChange } from '@xyflow/react';
import { useCallback, useEffect, useState } from 'react';
import type { Box } from './model.ts';

/** A box as the graph library keeps it. */
export type BoxNode = Node<{ label: string }, 'box'>;

/**
 * The boxes with what only this page knows of them: size, selection, and while one drags a box, where it is.
 * `moved` is called with the places of boxes that one moves.
 */
export function useFlowNodes(
  boxes: readonly Box[],
  moved: (id: string, at: Box['at'], isDragging: boolean) => void,
): [BoxNode[], (changes: NodeChange<BoxNode>[]) => void] {
  const [nodes, setNodes] = useState<BoxNode[]>(() => boxes.map((box) => toNode(box, undefined)));

  useEffect(() => {
    setNodes((known) => {
      const byId = new Map(known.map((node) => [node.id, node]));
      return boxes.map((box) => toNode(box, byId.get(box.id)));
    });
  }, [boxes]);

  const change = useCallback(
    (changes: NodeChange<BoxNode>[]) => {
      setNodes((known) => applyNodeChanges(changes, known));
      for (const each of changes) {
        if (each.type === 'position' && each.position) {
          moved(each.id, [Math.round(each.position.x), Math.round(each.position.y)], each.dragging ?? false);
        }
      }
    },
    [moved],
  );

  return [nodes, change];
}

function toNode({ id, label, at: [x, y] }: Box, known: BoxNode | undefined): BoxNode {
  const position = known?.dragging ? known.position : { x, y };
  if (known?.data.label === label && known.position.x === position.x && known.position.y === position.y) {
    return known;
  }
  return { ...known, id, type: 'box', position, data: { label }, ariaLabel: `Box ${label}` };
}
