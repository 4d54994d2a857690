import { type ReactElement, useState } from 'react';
import { Link } from 'wouter';
import { deleteProject, type ListedProject, type Person, renameProject } from '../api/projects.ts';
import { ConfirmDialog } from '../components/confirm-dialog.tsx';
import { Menu } from '../components/menu.tsx';
import { NameDialog } from '../components/name-dialog.tsx';
import { KIND_LOOKS } from '../documents/kinds.ts';
import { PersonDot } from '../presence/person-dot.tsx';
import style from './project-row.module.css';

export interface ProjectRowProps {
  readonly project: ListedProject;
  readonly refresh: () => Promise<void>;
}

/** One project: what is in it and who. */
export function ProjectRow({ project, refresh }: ProjectRowProps): ReactElement {
  const [asked, setAsked] = useState<'rename' | 'delete'>();
  const { id, name, people } = project;
  const close = () => setAsked(undefined);

  return (
    <li className={style.row}>
      <Link href={`/projects/${id}`} className={style.link}>
        <span className={style.name}>{name}</span>
        <Contents project={project} />
      </Link>
      <People people={people} />
      <Menu
        label={`Actions for ${name}`}
        items={[
          { label: 'Rename', onSelect: () => setAsked('rename') },
          { label: 'Delete', isDangerous: true, onSelect: () => setAsked('delete') },
        ]}
      />
      {asked === 'rename' && (
        <NameDialog
          title="Rename project"
          label="Name"
          initial={name}
          action="Rename"
          onName={async (next) => {
            await renameProject(id, next);
            await refresh();
          }}
          onClose={close}
        />
      )}
      {asked === 'delete' && (
        <ConfirmDialog
          title={`Delete “${name}”?`}
          text="Its documents and all they hold are deleted for everybody, and whoever is in it is sent out."
          action="Delete project"
          onConfirm={async () => {
            await deleteProject(id);
            await refresh();
          }}
          onClose={close}
        />
      )}
    </li>
  );
}

function Contents({ project: { documents } }: { readonly project: ListedProject }): ReactElement {
  if (documents.length === 0) {
    return <span className={style.contents}>Empty</span>;
  }
  const kinds = [...new Set(documents.map(({ kind }) => kind))];
  return (
    <span className={style.contents}>
      {kinds.map((kind) => {
        const { icon: Icon, label } = KIND_LOOKS[kind];
        return <Icon key={kind} size={15} role="img" aria-label={label} />;
      })}
      {documents.length === 1 ? '1 document' : `${documents.length} documents`}
    </span>
  );
}

function People({ people }: { readonly people: readonly Person[] }): ReactElement | null {
  if (people.length === 0) {
    return null;
  }
  return (
    <span className={style.people}>
      {people.slice(0, 5).map((person) => (
        <PersonDot key={person.userId} name={person.userName} color={person.avatarColor} />
      ))}
      {people.length === 1 ? '1 here' : `${people.length} here`}
    </span>
  );
}
