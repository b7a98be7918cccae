import { type Issue, sharedIssue } from '../../errors.ts';
import type { Place } from './explanation.ts';
import type { FailureText } from './failure-text.ts';

/**
 * Notes that a value failed the rule `key`. What fails is mostly the same rule, at the same path and with the same
 * text: from the second time on that is the same issue.
 */
export function fail(key: string, textOf: FailureText): (place: Place) => void {
  let last: Issue | undefined;
  let isShared = false;
  return ({ path, value, explanation, failed }) => {
    const message = explanation.issues.isFull ? '' : textOf(value, explanation);
    if (last?.path !== path || last.message !== message) {
      isShared = false;
      last = { path, rule: key, message };
      return addFailure(failed, { path, rule: key, message });
    }
    if (!isShared) last = sharedIssue(last);
    isShared = true;
    addFailure(failed, last);
  };
}

/** class-validator has one text for each name: that of the rule which it runs last. */
function addFailure(failed: Issue[], issue: Issue): void {
  for (let at = 0; at < failed.length; at++) {
    if (failed[at]?.rule === issue.rule) {
      failed[at] = issue;
      return;
    }
  }
  failed.push(issue);
}
