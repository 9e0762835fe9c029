#include "connectors/alerting/webhook.h"

#include <utility>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/strip.h"
#include "connectors/alerting/facts.h"
#include "engine/base/digest.h"
#include "engine/base/time.h"
#include "nlohmann/json.hpp"

namespace dolen {
namespace {

using alert::v1::Alert;
using Json = nlohmann::ordered_json;

constexpr size_t kLeastSecret = 24, kMostSecret = 64;  // Standard Webhooks

Json OrNull(const std::string& text) { return text.empty() ? Json(nullptr) : Json(text); }

Json OrNull(absl::Time time) {
  return time == absl::InfiniteFuture() ? Json(nullptr) : Json(Rfc3339(time));
}

Json AnswerJson(const Alert& alert) {
  if (!alert.has_answer()) return nullptr;
  const alert::v1::Answer& answer = alert.answer();
  return {{"kind", std::string(AnswerName(answer.kind()))},
          {"at", Rfc3339(FromTimestamp(answer.at()))},
          {"until", answer.has_until() ? Json(Rfc3339(FromTimestamp(answer.until()))) : nullptr}};
}

// What may be told of an alert, named one by one: what the contract gains later does not go out by
// itself.
Json ItemJson(const Notice::Item& item) {
  const Alert& alert = item.alert;
  Json json;
  json["alert_id"] = alert.alert_id();
  json["number"] = alert.number();
  json["state"] = std::string(StateName(alert.state()));
  json["about"] = std::string(AboutName(alert.about()));
  json["level"] = alert.level();
  json["severity"] = std::string(GravityName(GravityOf(alert)));
  json["weight"] = alert.weight();
  json["title"] = {{"cy", alert.title_cy()}, {"en", alert.title_en()}};
  json["rule"] = alert.rule();
  json["book_version"] = alert.book_version();
  json["source"] = {{"title", alert.source().title()},
                    {"paragraph", alert.source().paragraph()},
                    {"address", alert.source().address()}};
  json["child"] = OrNull(ShortChild(alert));
  json["household"] = OrNull(alert.household());
  json["silent_agency"] = OrNull(alert.silent_agency());
  json["accountable"] = alert.accountable();
  json["to"] = std::vector<std::string>(alert.to().begin(), alert.to().end());
  json["assigned_to"] = OrNull(alert.assigned_to());
  json["answer"] = AnswerJson(alert);
  json["due"] = OrNull(DueOf(alert));
  json["since"] = Rfc3339(SinceOf(alert));
  json["at"] = Rfc3339(AtOf(alert));
  json["link"] = OrNull(item.link);
  return json;
}

std::string Text(const Json& json) {
  return json.dump(-1, ' ', false, Json::error_handler_t::replace);
}

class Webhook : public Destination {
 public:
  explicit Webhook(WebhookOptions options) : options_(std::move(options)) {}

  Delivery Deliver(const Notice& notice) override {
    const std::string body = EventOf(notice);
    const int64_t timestamp = absl::ToUnixSeconds(options_.now());
    return Post(options_.endpoint,
                {"Content-Type: application/cloudevents+json; charset=utf-8",
                 absl::StrCat("webhook-id: ", notice.id),
                 absl::StrCat("webhook-timestamp: ", timestamp),
                 absl::StrCat("webhook-signature: ",
                              SignatureOf(options_.secrets, notice.id, timestamp, body))},
                body)
        .delivery;
  }

 private:
  const WebhookOptions options_;
};

}  // namespace

std::unique_ptr<Destination> MakeWebhook(WebhookOptions options) {
  return std::make_unique<Webhook>(std::move(options));
}

absl::StatusOr<std::string> ReadSecret(absl::string_view text) {
  std::string bytes;
  if (!absl::ConsumePrefix(&text, "whsec_") || !absl::Base64Unescape(text, &bytes)) {
    return absl::InvalidArgumentError("a secret must be whsec_ and base64");
  }
  if (bytes.size() < kLeastSecret || bytes.size() > kMostSecret) {
    return absl::InvalidArgumentError(absl::StrCat("a secret must be of ", kLeastSecret, " to ",
                                                   kMostSecret, " bytes, not ", bytes.size()));
  }
  return bytes;
}

std::string SignatureOf(const std::vector<std::string>& secrets, absl::string_view id,
                        int64_t timestamp, absl::string_view body) {
  const std::string content = absl::StrCat(id, ".", timestamp, ".", body);
  std::vector<std::string> signatures;
  for (const std::string& secret : secrets) {
    signatures.push_back("v1," + absl::Base64Escape(KeyedDigest(secret).Of(content)));
  }
  return absl::StrJoin(signatures, " ");
}

std::string EventOf(const Notice& notice) {
  Json event;
  event["specversion"] = "1.0";
  event["id"] = notice.id;
  event["source"] = "/dolen/alerting";
  event["type"] = absl::StrCat("cymru.dolen.alert.", KindName(notice.kind), ".v1");
  event["time"] = Rfc3339(notice.at);
  if (!notice.thread.empty()) event["subject"] = notice.thread;
  event["datacontenttype"] = "application/json";
  Json& data = event["data"];
  data["kind"] = std::string(KindName(notice.kind));
  data["team"] = notice.team;
  data["left_out"] = notice.left_out;
  data["alerts"] = Json::array();
  // Numbers of left_out grow by less than a comma and an alert save.
  size_t size = Text(event).size() + 10;
  for (size_t i = 0; i < notice.items.size(); ++i) {
    Json item = ItemJson(notice.items[i]);
    size += Text(item).size() + 1;
    if (size > kMostOfAWebhook) {
      data["left_out"] = notice.left_out + static_cast<int>(notice.items.size() - i);
      break;
    }
    data["alerts"].push_back(std::move(item));
  }
  return Text(event);
}

}  // namespace dolen
