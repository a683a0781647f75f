import { deliveryBody, postDelivery } from '../support/deliveryPost';
import { signedByGhl, startHttpApp, type HttpApp } from '../support/httpApp';

let http: HttpApp;
beforeAll(async () => {
  http = await startHttpApp({ env: { DELIVERY_SIGNATURE: 'when-present' } });
});
afterAll(() => http.close());

describe('DELIVERY_SIGNATURE=when-present', () => {
  test('takes an unsigned post', async () => {
    expect((await postDelivery(http, deliveryBody(), { signature: null })).status).toBe(200);
  });

  test('takes a signed post', async () => {
    expect((await postDelivery(http, deliveryBody())).status).toBe(200);
  });

  test('still refuses a wrong signature', async () => {
    const answer = await postDelivery(http, deliveryBody(), { signature: signedByGhl('{"other":"body"}') });
    expect(answer.status).toBe(401);
    expect(await http.db.knex('messages')).toHaveLength(2);
  });
});
