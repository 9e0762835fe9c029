#include "connectors/alerting/pagerduty.h"

#include <algorithm>
#include <set>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "connectors/alerting/facts.h"
#include "connectors/alerting/message.h"
#include "connectors/alerting/words.h"
#include "engine/base/digest.h"
#include "engine/base/time.h"
#include "nlohmann/json.hpp"

namespace dolen {
namespace {

using Json = nlohmann::ordered_json;

std::string DedupKey(const Notice& notice) {
  const std::string& key = notice.thread.empty() ? notice.id : notice.thread;
  return key.size() <= kLongestDedupKey ? key : ShortSha256Hex(key);
}

// What does not page is info.
Gravity GravestOf(const Notice& notice) {
  const bool tells_of_pages =
      notice.kind == Notice::Kind::kPage || notice.kind == Notice::Kind::kUpdate;
  Gravity gravity = Gravity::kInfo;
  if (!tells_of_pages) return gravity;
  for (const Notice::Item& item : notice.items) {
    gravity = std::max(gravity, GravityOf(item.alert));
  }
  return gravity;
}

// Thin: facts of the one alert in each language, or a line for each of several.
Json DetailsOf(const Notice& notice, absl::TimeZone zone) {
  Json details;
  details["team"] = notice.team;
  for (const Language language : LanguagesOf(notice.language)) {
    Json& in = details[std::string(LanguageTag(language))];
    if (notice.items.size() == 1) {
      for (const Fact& fact : FactsOf(notice.items[0], zone, language)) {
        if (!fact.is_link) in[fact.label] = fact.value;
      }
    }
    if (notice.items.size() <= 1) continue;
    in = Json::array();
    for (size_t i = 0; i < std::min(notice.items.size(), kMostInEvent); ++i) {
      in.push_back(ListLine(notice.items[i].alert, zone, language));
    }
  }
  const size_t listed = std::min(notice.items.size(), kMostInEvent);
  const size_t left_out = notice.left_out + notice.items.size() - listed;
  if (left_out > 0) details["left_out"] = left_out;
  return details;
}

Json LinksOf(const Notice& notice) {
  const Phrase& text = PhraseOf(Word::kLink);
  Json links = Json::array();
  for (size_t i = 0; i < std::min(notice.items.size(), kMostInEvent); ++i) {
    if (notice.items[i].link.empty()) continue;
    links.push_back(
        {{"href", notice.items[i].link}, {"text", absl::StrCat(text.cy, " / ", text.en)}});
  }
  return links;
}

class PagerDuty : public Destination {
 public:
  explicit PagerDuty(PagerDutyOptions options) : options_(std::move(options)) {}

  Delivery Deliver(const Notice& notice) override {
    if (notice.kind == Notice::Kind::kHeartbeat) {
      return {Delivery::Outcome::kRefused, "PagerDuty takes no heartbeats", {}};
    }
    const absl::Time end = absl::Now() + options_.endpoint.timeout;
    if (notice.kind == Notice::Kind::kPage && MayBeAcknowledged(notice)) {
      Delivery closed = Send(notice, "resolve", end);
      if (closed.outcome != Delivery::Outcome::kTaken) return closed;
      answered_.erase(DedupKey(notice));
    }
    Delivery sent = Send(notice, PagerDutyAction(notice.kind), end);
    if (sent.outcome != Delivery::Outcome::kTaken) return sent;
    if (notice.kind == Notice::Kind::kAnswered) answered_.insert(DedupKey(notice));
    if (notice.kind == Notice::Kind::kEnded) answered_.erase(DedupKey(notice));
    return sent;
  }

 private:
  // By its own memory, and after a restart by what the alerts say of themselves.
  bool MayBeAcknowledged(const Notice& notice) const {
    return answered_.contains(DedupKey(notice)) ||
           std::any_of(notice.items.begin(), notice.items.end(),
                       [](const Notice::Item& item) { return item.alert.number() > 1; });
  }

  Delivery Send(const Notice& notice, absl::string_view action, absl::Time end) const {
    return Post(Until(end, options_.endpoint), {"Content-Type: application/json"},
                PagerDutyEvent(notice, action, options_.routing_key, options_.zone))
        .delivery;
  }

  const PagerDutyOptions options_;
  std::set<std::string> answered_;  // keys of incidents that were acknowledged from here
};

}  // namespace

std::unique_ptr<Destination> MakePagerDuty(PagerDutyOptions options) {
  return std::make_unique<PagerDuty>(std::move(options));
}

absl::string_view PagerDutyAction(Notice::Kind kind) {
  switch (kind) {
    case Notice::Kind::kAnswered:
      return "acknowledge";
    case Notice::Kind::kEnded:
      return "resolve";
    default:
      return "trigger";
  }
}

std::string PagerDutyEvent(const Notice& notice, absl::string_view action,
                           absl::string_view routing_key, absl::TimeZone zone) {
  Json event;
  event["routing_key"] = std::string(routing_key);
  event["event_action"] = std::string(action);
  event["dedup_key"] = DedupKey(notice);
  Json& payload = event["payload"];
  payload["summary"] = Shortened(Headline(notice), kLongestSummary);
  payload["source"] = notice.team.empty() ? "dolen" : notice.team;
  payload["severity"] = std::string(GravityName(GravestOf(notice)));
  payload["timestamp"] = Rfc3339(notice.at);
  if (!notice.items.empty()) {
    payload["component"] = notice.items[0].alert.rule();
    payload["class"] = notice.items[0].alert.level();
    payload["group"] = notice.items[0].alert.household();
  }
  payload["custom_details"] = DetailsOf(notice, zone);
  event["links"] = LinksOf(notice);
  event["client"] = "Dolen";
  return event.dump(-1, ' ', false, Json::error_handler_t::replace);
}

}  // namespace dolen
