// A webhook: one CloudEvents 1.0 event in structured JSON (cloudevents.io), signed as Standard
// Webhooks says (standardwebhooks.com). webhook.schema.json beside this file describes the body.
//
// A notice that is sent again has the same `id` (also as webhook-id) and the same body but for what
// a new release adds; the timestamp and so the signature are those of the attempt.
#ifndef DOLEN_CONNECTORS_ALERTING_WEBHOOK_H_
#define DOLEN_CONNECTORS_ALERTING_WEBHOOK_H_

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/clock.h"
#include "absl/time/time.h"
#include "connectors/alerting/destination.h"
#include "connectors/alerting/outbound.h"

namespace dolen {

// Standard Webhooks asks for bodies below 20 kB; alerts that do not fit are counted in `left_out`.
inline constexpr size_t kMostOfAWebhook = 20000 - 1;

struct WebhookOptions {
  Endpoint endpoint;
  std::vector<std::string> secrets;  // as ReadSecret gives them; every one signs
  std::function<absl::Time()> now = absl::Now;
};

// 410 is refused like other 4xx: the receiver wants no more.
std::unique_ptr<Destination> MakeWebhook(WebhookOptions options);

// The bytes of "whsec_..." (base64 of 24 to 64 bytes). The error does not show it.
absl::StatusOr<std::string> ReadSecret(absl::string_view text);

// The value of webhook-signature: "v1,..." for each secret, between spaces.
std::string SignatureOf(const std::vector<std::string>& secrets, absl::string_view id,
                        int64_t timestamp, absl::string_view body);

// The event of a notice, below kMostOfAWebhook bytes.
std::string EventOf(const Notice& notice);

}  // namespace dolen

#endif  // DOLEN_CONNECTORS_ALERTING_WEBHOOK_H_
