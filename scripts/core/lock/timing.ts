/** A lock that was not renewed for so long may be taken over. */
export const expiresAfterMs = 60_000;

/** A holder stops writing so long after its last renewal: before anybody else takes its lock to have expired. */
export const holdsForMs = 55_000;

/** The pause between renewals: so long before the end that AWS may take a few tries to answer. */
export const renewEveryMs = 40_000;

/** The pause after a renewal that AWS did not answer. */
export const retryEveryMs = 2_000;

/** With less than this left a lock is renewed before it is given back, so that nobody else's is deleted. */
export const releaseWithinMs = 45_000;

/** The pause between two looks at a lock that somebody else holds. */
export const pollEveryMs = 5_000;

/**
 * How long a lock may seem to be there and not to be there at once: AWS asks to wait half a minute before a deleted
 * parameter is made anew.
 *
 * @see https://docs.aws.amazon.com/systems-manager/latest/APIReference/API_DeleteParameter.html
 */
export const deletionShowsWithinMs = 35_000;
