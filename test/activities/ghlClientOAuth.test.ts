import { useGhl } from '../contract/scriptedGhl';

const ghl = useGhl();
const grant = {
  access_token: 'acc',
  token_type: 'Bearer',
  expires_in: 3600,
  refresh_token: 'ref',
  scope: 'a b',
  userType: 'Location',
  locationId: 'loc1',
  companyId: 'comp1',
  userId: 'u1',
  isBulkInstallation: false,
};
const exchange = { code: 'c+1', redirectUri: 'https://b.example/oauth/callback', userType: 'Location' } as const;

describe('exchangeCode', () => {
  it('posts the form of the dated API without Version or bearer, and gives the grant', async () => {
    ghl.answer({ status: 200, json: grant });
    await expect(ghl.client.exchangeCode(exchange)).resolves.toEqual({
      accessToken: 'acc',
      refreshToken: 'ref',
      expiresInS: 3600,
      scope: 'a b',
      userType: 'Location',
      locationId: 'loc1',
      companyId: 'comp1',
      userId: 'u1',
      isBulkInstallation: false,
    });
    const [request] = ghl.requests();
    expect(Object.fromEntries(new URLSearchParams(request?.body.toString()))).toEqual({
      client_id: 'app1-x',
      client_secret: 'shh-secret',
      user_type: 'Location',
      grant_type: 'authorization_code',
      code: 'c+1',
      redirect_uri: 'https://b.example/oauth/callback',
    });
    expect(request?.headers['content-type']).toBe('application/x-www-form-urlencoded');
    expect(request?.headers).not.toHaveProperty('version');
    expect(request?.headers).not.toHaveProperty('authorization');
  });

  it('goes by the kind of token in the answer, not by the one asked for', async () => {
    ghl.answer({ status: 200, json: { ...grant, userType: 'Company', locationId: undefined } });
    await expect(ghl.client.exchangeCode(exchange)).resolves.toMatchObject({ userType: 'Company', companyId: 'comp1' });
  });

  it('infers the kind where the answer does not say it, and the life of the token', async () => {
    const bare = { access_token: 'acc', refresh_token: 'ref' };
    ghl.answer({ status: 200, json: { ...bare, locationId: 'loc1' } }, { status: 200, json: bare });
    const asked = { ...exchange, userType: 'Company' } as const;
    const inferred = { userType: 'Location', expiresInS: 86_399, scope: '' };
    await expect(ghl.client.exchangeCode(asked)).resolves.toMatchObject(inferred);
    await expect(ghl.client.exchangeCode(asked)).resolves.toMatchObject({ userType: 'Company' });
  });

  it.each([undefined, {}, { ...grant, access_token: '' }, { ...grant, refresh_token: undefined }])(
    'takes the 200 with %p for no grant',
    async (json) => {
      ghl.answer({ status: 200, json });
      await expect(ghl.client.exchangeCode(exchange)).rejects.toMatchObject({
        code: 'ghl_empty_answer',
        retry: 'later',
      });
    },
  );
});

describe('refresh', () => {
  it('spends the refresh token and gives its successor; nothing in the form is "undefined"', async () => {
    ghl.answer({ status: 200, json: { ...grant, refresh_token: 'ref2' } });
    const renewed = await ghl.client.refresh({ refreshToken: 'ref', userType: 'Company' });
    expect(renewed.refreshToken).toBe('ref2');
    const body = ghl.requests()[0]?.body.toString() ?? '';
    expect(Object.fromEntries(new URLSearchParams(body))).toMatchObject({
      grant_type: 'refresh_token',
      refresh_token: 'ref',
      user_type: 'Company',
    });
    expect(body).not.toContain('undefined');
  });

  it('says when the token is spent and when the location is only suspended', async () => {
    const refused = (message: string) => ({ status: 400, json: { statusCode: 400, message } });
    ghl.answer(refused('Invalid grant: refresh token is invalid'), refused('Location is not active'));
    const spend = () => ghl.client.refresh({ refreshToken: 'ref', userType: 'Location' });
    await expect(spend()).rejects.toMatchObject({ code: 'token_spent', retry: 'never' });
    await expect(spend()).rejects.toMatchObject({ code: 'location_not_active', retry: 'later' });
  });
});

describe('locationToken', () => {
  const ids = { companyId: 'comp1', locationId: 'loc1' };

  it('posts the two ids as a form with the company token', async () => {
    ghl.answer({ status: 200, json: { access_token: 'acc', expires_in: 60, userId: 'u1' } });
    await expect(ghl.client.locationToken('company-token', ids)).resolves.toMatchObject({
      accessToken: 'acc',
      refreshToken: undefined,
      userType: 'Location',
      ...ids,
    });
    const [request] = ghl.requests();
    expect(request?.body.toString()).toBe('companyId=comp1&locationId=loc1');
    expect(request?.headers).toMatchObject({ version: '2021-07-28', authorization: 'Bearer company-token' });
  });

  it('keeps the refresh token that the answer may hold', async () => {
    ghl.answer({ status: 200, json: grant });
    await expect(ghl.client.locationToken('t', ids)).resolves.toMatchObject({ refreshToken: 'ref' });
  });

  it("refuses another location's token", async () => {
    ghl.answer({ status: 200, json: { ...grant, locationId: 'loc2' } });
    await expect(ghl.client.locationToken('t', ids)).rejects.toMatchObject({ code: 'ghl_empty_answer' });
  });
});
