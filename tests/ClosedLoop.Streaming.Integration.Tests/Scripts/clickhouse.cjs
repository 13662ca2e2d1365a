// Asks the port with ClickHouse's own client: node clickhouse.cjs URL PASSWORD. Prints what came back and what was refused, as JSON.
const { createClient } = require('@clickhouse/client');

const [url, password] = process.argv.slice(2);
const open = (secret) => createClient({ url, username: 'dashboard', password: secret, database: 'closedloop', compression: { response: true } });

async function refused(action) {
  try {
    await action();
    return 'through';
  } catch (e) {
    return String(e.code ?? e.message);
  }
}

async function main() {
  const client = open(password);
  const foreign = open('wrong');
  const answer = await client.query({
    query: 'SELECT event, visitor_id FROM events WHERE event_id = {id:String}', query_params: { id: 'port-1' }, format: 'JSONEachRow',
  });
  const out = {
    rows: await answer.json(),
    insert: await refused(() => client.insert({ table: 'events', values: [{ site: 'x' }], format: 'JSONEachRow' })),
    create: await refused(() => client.command({ query: 'CREATE TABLE mine (a Int8) ENGINE = Memory' })),
    file: await refused(async () => (await client.query({ query: "SELECT * FROM file('/etc/passwd', 'LineAsString')" })).text()),
    outfile: await refused(() => client.command({ query: "SELECT 1 INTO OUTFILE '/tmp/closedloop-outfile'" })),
    password: await refused(async () => (await foreign.query({ query: 'SELECT 1' })).text()),
  };
  console.log(JSON.stringify(out));
  await client.close();
  await foreign.close();
}

main().catch((e) => { console.error(e); process.exit(1); });
