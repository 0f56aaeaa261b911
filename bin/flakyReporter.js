/**
 * A reporter of Vitest that names what passed only when it was tried again: its own reporters say nothing of it.
 */
export default class FlakyReporter {
  /** @type {string[]} */
  #flaky = [];

  /** @param {import('vitest/node').TestCase} test */
  onTestCaseResult(test) {
    if (test.diagnostic()?.flaky) this.#flaky.push(`${test.module.relativeModuleId} > ${test.fullName}`);
  }

  onTestRunEnd() {
    for (const name of this.#flaky) console.log(`FLAKY, passed when tried again: ${name}`);
  }
}
