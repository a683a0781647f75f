import type { InstallationView } from '../../http/presenters/installation';
import { installByOauth } from '../stage/installByOauth';
import { LOCATION } from '../stage/standIns';
import type { Step } from '../step';

/** A location installs the app as from GHL's marketplace. */
export const installApp: Step = {
  name: 'install',
  title: 'A location installs the app by OAuth',
  run: async ({ ghl, publicUrl, admin, until }) => {
    const { path, heading } = await installByOauth(ghl, publicUrl, LOCATION.id);
    await until('the installation in the bridge', async () => {
      const { installations } = await admin.get<{ installations: InstallationView[] }>('/admin/v1/installations');
      return installations.some(({ resourceId, state }) => resourceId === LOCATION.id && state === 'installed');
    });
    return { lines: [`GHL's page sent the browser to ${path}; it shows "${heading}".`] };
  },
};
