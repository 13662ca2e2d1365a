// Checks deliveries with an independent implementation of the signature: the deliveries come as JSON on standard input,
// [{secret, id, timestamp, signature, body}]. Prints how many held, and how many still held with one letter of the body changed.
const { Webhook } = require('standardwebhooks');

function holds(delivery, body) {
  try {
    new Webhook(delivery.secret).verify(body, {
      'webhook-id': delivery.id, 'webhook-timestamp': delivery.timestamp, 'webhook-signature': delivery.signature,
    });
    return 1;
  } catch {
    return 0;
  }
}

let text = '';
process.stdin.on('data', (chunk) => { text += chunk; });
process.stdin.on('end', () => {
  const deliveries = JSON.parse(text);
  const held = deliveries.reduce((sum, d) => sum + holds(d, d.body), 0);
  const forged = deliveries.reduce((sum, d) => sum + holds(d, d.body.replace('segment', 'Segment')), 0);
  console.log(JSON.stringify({ held, forged }));
});
