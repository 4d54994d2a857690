import type { Health, ProjectState } from './api.ts';

/** All running projects at one moment of the server's. */
export interface ProjectLook {
  readonly startedAt: number;
  /** In seconds, by the server's own clock. */
  readonly uptime: number;
  readonly projects: ReadonlyMap<number, ProjectState>;
}

/** A running project, and how much happens in it. */
export interface ProjectActivity extends ProjectState {
  /** Undefined until there are two looks at it. */
  readonly messagesPerSecond: number | undefined;
  readonly deliveriesPerSecond: number | undefined;
}

export function lookAt(health: Health, time: { startedAt: number; uptime: number }): ProjectLook {
  const projects = new Map(health.projects.map((project) => [project.projectId, project]));
  return { startedAt: time.startedAt, uptime: time.uptime, projects };
}

/** How much happens in each project between two looks, the busiest first. */
export function activityOf(before: ProjectLook | undefined, now: ProjectLook): readonly ProjectActivity[] {
  const seconds = before && before.startedAt === now.startedAt ? now.uptime - before.uptime : 0;
  const activities = [...now.projects.values()].map((project) => {
    const earlier = before?.projects.get(project.projectId);
    const rate = (counter: 'messages' | 'deliveries') => {
      const rise = earlier && seconds > 0 ? project[counter] - earlier[counter] : -1;
      // The project's actor may have begun anew, and counts from nothing.
      return rise < 0 ? undefined : rise / seconds;
    };
    return { ...project, messagesPerSecond: rate('messages'), deliveriesPerSecond: rate('deliveries') };
  });
  return activities.sort(byHeat);
}

function heatOf({ messagesPerSecond = 0, deliveriesPerSecond = 0 }: ProjectActivity): number {
  return messagesPerSecond + deliveriesPerSecond;
}

function byHeat(a: ProjectActivity, b: ProjectActivity): number {
  return heatOf(b) - heatOf(a) || b.connections - a.connections || a.projectId - b.projectId;
}
