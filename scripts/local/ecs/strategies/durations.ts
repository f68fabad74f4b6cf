/**
 * How long the parts of a native deployment take on AWS, and how long they may, in milliseconds. BEHAVIOUR.md names
 * the source of each.
 */
const second = 1000;
export const minute = 60 * second;

/** A stage that has nothing to wait for. */
export const stageTakes = 5 * second;
/** The most that a stage may take, pause hooks aside, and a whole deployment. */
export const longestStage = 24 * 60 * minute;
export const longestDeployment = 30 * 24 * 60 * minute;
/** Until a hook that answered IN_PROGRESS is called again. */
export const hookCalledAgainAfter = 30 * second;
/** How long a hook has unless it says otherwise. */
export const hookTimeoutMinutes = 1440;
