import { createContext } from 'react';
import type { Project } from '../project.ts';

/** The project of the nearest provider; undefined outside of one, on a server, and until it has begun to connect. */
export const CollabContext = createContext<Project | undefined>(undefined);
