import { DomainError } from '../domain/errors';

/** One thing that is wrong with the settings. `message` names the mend and holds no value: a value may be a secret. */
export interface SettingProblem {
  /** The environment name. */
  name: string;
  message: string;
}

/** The settings can not be used. Holds every problem at once, so that one restart mends them all. */
export class SettingsError extends DomainError {
  constructor(readonly problems: SettingProblem[]) {
    const lines = problems.map(({ name, message }) => `  ${name}: ${message}`);
    super('settings_invalid', 'never', ['The settings are not usable:', ...lines].join('\n'), {
      errors: problems.map(({ name, message }) => ({ path: name, message })),
    });
    this.name = 'SettingsError';
  }
}
