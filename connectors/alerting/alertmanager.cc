#include "connectors/alerting/alertmanager.h"

#include <algorithm>
#include <future>
#include <map>
#include <set>
#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/time/clock.h"
#include "connectors/alerting/alertmanager_form.h"
#include "connectors/alerting/facts.h"

namespace dolen {
namespace {

using Labels = std::map<std::string, std::string>;

// What one replica said to some alerts.
struct Verdict {
  bool took_some = false;
  absl::optional<Delivery> later;     // then the rest was not sent
  std::vector<std::string> troubles;  // what it did not take, each with its words

  Delivery::Outcome outcome() const {
    if (later) return Delivery::Outcome::kTryLater;
    return took_some ? Delivery::Outcome::kTaken : Delivery::Outcome::kRefused;
  }
  void Add(const HttpAnswer& answer, absl::string_view alert_id) {
    if (answer.delivery.outcome == Delivery::Outcome::kTaken) {
      took_some = true;
      return;
    }
    if (answer.delivery.outcome == Delivery::Outcome::kTryLater) later = answer.delivery;
    troubles.push_back(
        absl::StrCat(alert_id, alert_id.empty() ? "" : ": ", answer.delivery.answer));
  }
};

// Of more refusals than these an answer says only how many there are.
constexpr size_t kMostTroubles = 5;

// One alert that Alertmanager does not take must not lose the others: with 400 it keeps the good
// ones but does not say which, with 422 it keeps none. So each is sent by itself then.
Verdict Tell(const Endpoint& replica, const std::vector<Posted>& posted) {
  const absl::Time end = absl::Now() + replica.timeout;
  const auto send = [&](const std::vector<Posted>& some) {
    return Post(Until(end, replica), {"Content-Type: application/json"}, BodyOf(some));
  };
  Verdict verdict;
  for (size_t from = 0; from < posted.size() && !verdict.later; from += kMostInPost) {
    const size_t to = std::min(posted.size(), from + kMostInPost);
    const HttpAnswer answer = send({posted.begin() + from, posted.begin() + to});
    const bool is_of_alerts = answer.status == 400 || answer.status == 422;
    if (!is_of_alerts || to - from == 1) {
      verdict.Add(answer, "");
      continue;
    }
    for (size_t i = from; i < to && !verdict.later; ++i) {
      const auto id = posted[i].labels.find("alert_id");
      verdict.Add(send({posted[i]}), id == posted[i].labels.end() ? "" : id->second);
    }
  }
  return verdict;
}

// Whether it is better that a replica said `a` than that it said `b`.
bool IsBetter(Delivery::Outcome a, Delivery::Outcome b) {
  if (a == b || b == Delivery::Outcome::kTaken) return false;
  return a == Delivery::Outcome::kTaken || a == Delivery::Outcome::kTryLater;
}

// All replicas at once: one that hangs must not keep a page from the others.
Delivery TellAll(const std::vector<Endpoint>& replicas, const std::vector<Posted>& posted) {
  if (posted.empty()) return {Delivery::Outcome::kTaken, "", {}};
  std::vector<std::future<Verdict>> asked;
  for (const Endpoint& replica : replicas) {
    asked.push_back(std::async(std::launch::async, Tell, std::cref(replica), std::cref(posted)));
  }
  Delivery sum{Delivery::Outcome::kRefused, "", {}};
  std::vector<std::string> troubles;
  for (size_t i = 0; i < replicas.size(); ++i) {
    const Verdict verdict = asked[i].get();
    for (const std::string& trouble : verdict.troubles) {
      troubles.push_back(absl::StrCat(replicas[i].url, ": ", trouble));
    }
    sum.perhaps_taken |= verdict.took_some || (verdict.later && verdict.later->perhaps_taken);
    if (!IsBetter(verdict.outcome(), sum.outcome)) continue;
    sum.outcome = verdict.outcome();
    sum.try_after = verdict.later ? verdict.later->try_after : absl::nullopt;
  }
  const size_t shown = std::min(troubles.size(), kMostTroubles);
  sum.answer = absl::StrJoin(troubles.begin(), troubles.begin() + shown, "; ");
  if (shown < troubles.size()) absl::StrAppend(&sum.answer, "; and ", troubles.size() - shown);
  return sum;
}

class Alertmanager : public Destination {
 public:
  explicit Alertmanager(AlertmanagerOptions options) : options_(std::move(options)) {
    for (Endpoint& replica : options_.replicas) {
      while (absl::EndsWith(replica.url, "/")) replica.url.pop_back();
      absl::StrAppend(&replica.url, "/api/v2/alerts");
    }
  }

  bool takes_groups() const override { return false; }
  absl::Duration repeat_every() const override { return options_.repeat; }

  Delivery Deliver(const Notice& notice) override {
    const absl::Time now = options_.now();
    std::vector<Posted> posted;
    for (const Notice::Item& item : notice.items) {
      languages_[item.alert.alert_id()] = notice.language;
      Add(item, now, posted);
    }
    if (notice.items.empty() || notice.kind == Notice::Kind::kSummary) {
      posted.push_back(PostedOf(notice));
      posted.back().ends = Expiry(now);
    }
    return TellAll(options_.replicas, posted);
  }

  Delivery Repeat(absl::Span<const Notice::Item> open, absl::Time now) override {
    std::vector<Posted> posted;
    std::set<absl::string_view> ids;
    for (const Notice::Item& item : open) {
      ids.insert(item.alert.alert_id());
      Add(item, now, posted);
    }
    std::erase_if(ended_, [&](const auto& one) { return now >= one.second.until; });
    for (const auto& [labels, ended] : ended_) posted.push_back(ended.posted);
    const auto is_gone = [&](const auto& one) { return !ids.contains(one.first); };
    std::erase_if(languages_, is_gone);
    std::erase_if(firing_, is_gone);
    return TellAll(options_.replicas, posted);
  }

 private:
  struct Ended {
    Posted posted;
    absl::Time until;  // then it need not be told any more
  };

  absl::Time Expiry(absl::Time now) const { return now + 4 * options_.repeat; }

  // An alert as it is now; before it, as ended, what it was under other labels.
  void Add(const Notice::Item& item, absl::Time now, std::vector<Posted>& posted) {
    const std::string& id = item.alert.alert_id();
    const auto language = languages_.find(id);
    Posted one =
        PostedOf(item, options_.zone,
                 language == languages_.end() ? routing::v1::Team::BOTH : language->second);
    const auto before = firing_.find(id);
    if (before != firing_.end() && before->second.labels != one.labels) {
      End(before->second, now, now, posted);
    }
    if (IsOver(item.alert)) {
      firing_.erase(id);
      End(std::move(one), AtOf(item.alert), now, posted);
    } else {
      ended_.erase(one.labels);
      one.ends = Expiry(now);
      firing_[id] = one;
      posted.push_back(std::move(one));
    }
  }

  void End(Posted one, absl::Time at, absl::Time now, std::vector<Posted>& posted) {
    one.ends = std::max(std::min(at, now), one.starts);
    ended_[one.labels] = {one, now + kTellOfEnd};
    posted.push_back(std::move(one));
  }

  AlertmanagerOptions options_;
  std::map<std::string, routing::v1::Team::Language> languages_;  // alert id -> as last told
  std::map<std::string, Posted> firing_;                          // alert id -> as last told
  std::map<Labels, Ended> ended_;
};

}  // namespace

std::unique_ptr<Destination> MakeAlertmanager(AlertmanagerOptions options) {
  return std::make_unique<Alertmanager>(std::move(options));
}

}  // namespace dolen
