#include "deploy/program/alert_desk.h"

#include <algorithm>
#include <limits>
#include <utility>

#include "absl/container/btree_set.h"
#include "absl/strings/ascii.h"
#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/time/clock.h"
#include "engine/admission/reply.h"
#include "engine/base/digest.h"
#include "engine/base/status.h"
#include "engine/base/time.h"
#include "engine/child/matter.h"
#include "nlohmann/json.hpp"
#include "projections/timeline/timeline.h"

namespace dolen {
namespace {

using alert::v1::Action;
using alert::v1::Alert;

constexpr absl::Duration kPatience = absl::Seconds(10);
constexpr absl::Duration kLook = absl::Milliseconds(5);

std::string JsonOf(const Alert& alert) {
  return AlertJson(alert, alert.child(), MatterName(alert.matter_agency(), alert.matter_id()));
}

std::string LineOf(const Alert& alert) {
  return absl::StrFormat(
      "%s  %-9s %-12s %-20s %s  %s [%s]%s\n", Rfc3339(FromTimestamp(alert.due())), alert.level(),
      StateText(alert.state()), alert.accountable(), alert.alert_id().substr(0, 8),
      alert.title_en(), alert.rule(),
      alert.has_answer() ? " until " + Rfc3339(FromTimestamp(alert.answer().until())) : "");
}

bool IsHex(absl::string_view text) {
  return std::all_of(text.begin(), text.end(), [](char c) {
    return absl::ascii_isdigit(static_cast<unsigned char>(c)) || (c >= 'a' && c <= 'f');
  });
}

}  // namespace

absl::StatusOr<std::vector<Alert>> AlertDesk::Open(const AlertsQuery& query) {
  std::vector<Alert> alerts;
  for (size_t shard = 0; shard < engine_->shards(); ++shard) {
    DOLEN_ASSIGN_OR_RETURN(std::vector<Alert> some, engine_->WithShard(shard, [&](Shard& one) {
      return OpenAlerts(one.store(), query);
    }));
    std::move(some.begin(), some.end(), std::back_inserter(alerts));
  }
  std::sort(alerts.begin(), alerts.end(), [](const Alert& a, const Alert& b) {
    return std::make_pair(FromTimestamp(a.due()), a.alert_id()) <
           std::make_pair(FromTimestamp(b.due()), b.alert_id());
  });
  if (static_cast<int>(alerts.size()) > query.limit) alerts.resize(query.limit);
  return alerts;
}

absl::StatusOr<std::string> AlertDesk::List(const AlertsQuery& query, Format format) {
  DOLEN_ASSIGN_OR_RETURN(const std::vector<Alert> alerts, Open(query));
  std::string out;
  for (const Alert& alert : alerts) {
    absl::StrAppend(&out, format == Format::kJson ? JsonOf(alert) + "\n" : LineOf(alert));
  }
  if (format == Format::kText && out.empty()) out = "No alert is open.\n";
  return out;
}

absl::StatusOr<AlertName> AlertDesk::Find(absl::string_view name) {
  if (name.size() < kFewestDigits || name.size() > 2 * ChildKey::kBytes || !IsHex(name)) {
    return absl::InvalidArgumentError(
        absl::StrCat("\"", absl::CHexEscape(name), "\" names no alert: write at least the first ",
                     kFewestDigits, " digits of its id, as dolen alerts lists it"));
  }
  std::vector<AlertName> found;
  for (size_t shard = 0; shard < engine_->shards(); ++shard) {
    DOLEN_ASSIGN_OR_RETURN(
        const std::vector<AlertName> some,
        engine_->WithShard(shard, [&](Shard& one) { return AlertsNamed(one.store(), name, 2); }));
    found.insert(found.end(), some.begin(), some.end());
  }
  if (found.empty()) {
    return absl::NotFoundError(absl::StrCat("no alert ", name, " was ever raised here"));
  }
  if (found.size() > 1) {
    return absl::InvalidArgumentError(
        absl::StrCat("several alerts begin with ", name, "; write more of its digits"));
  }
  return std::move(found.front());
}

absl::StatusOr<AlertFile> AlertDesk::Look(const AlertName& name) {
  return engine_->WithShard(
      engine_->ShardOf(name.child), [&](Shard& shard) -> absl::StatusOr<AlertFile> {
        AlertFile file;
        DOLEN_ASSIGN_OR_RETURN(const Alerts alerts, shard.fold().AlertsOf(name.child));
        for (const Told& told : alerts) {
          if (AlertId(name.child, told.clock, told.level) != name.alert_id) continue;
          file.alert = AlertOf(name.child, told, shard.fold().books());
        }
        if (file.alert.alert_id().empty()) {
          return absl::NotFoundError("this alert is not known here");
        }
        DOLEN_ASSIGN_OR_RETURN(file.trail, TrailOf(shard.store(), name.child, name.alert_id));
        return file;
      });
}

absl::StatusOr<std::string> AlertDesk::Show(const std::string& name, Format format) {
  DOLEN_ASSIGN_OR_RETURN(const AlertName alert, Find(name));
  DOLEN_ASSIGN_OR_RETURN(const AlertFile file, Look(alert));
  const Alert& now = file.alert;
  if (format == Format::kJson) {
    auto json = nlohmann::ordered_json::parse(JsonOf(now));
    json["trail"] = nlohmann::ordered_json::array();
    for (const TrailLine& line : file.trail) {
      json["trail"].push_back(nlohmann::ordered_json::parse(TrailLineJson(line)));
    }
    return json.dump() + "\n";
  }
  std::string out = absl::StrCat(
      "Alert ", alert.alert_id, "\n", now.title_en(), " [", now.rule(), "]\n",
      SourceText(now.source()), "\n", now.level(), ", ", StateText(now.state()), "; due ",
      Rfc3339(FromTimestamp(now.due())), "; accountable ", now.accountable(), "\n\n");
  for (const TrailLine& line : file.trail) absl::StrAppend(&out, TrailLineText(line), "\n");
  return out;
}

absl::StatusOr<std::vector<Action>> AlertDesk::ActionsOf(const Deed& deed) {
  std::vector<AlertName> names;
  if (deed.all) {
    AlertsQuery which = deed.which;
    which.limit = std::numeric_limits<int>::max();
    DOLEN_ASSIGN_OR_RETURN(const std::vector<Alert> open, Open(which));
    // What is said to one level of a clock is said to all.
    absl::btree_set<std::pair<std::string, std::string>> clocks;
    for (const Alert& alert : open) {
      if (!clocks.insert({alert.child(), alert.clock()}).second) continue;
      AlertName& name = names.emplace_back();
      name.alert_id = alert.alert_id();
      (void)ChildKey::FromHex(alert.child(), name.child);
    }
  }
  for (const std::string& one : deed.alerts) {
    DOLEN_ASSIGN_OR_RETURN(AlertName name, Find(one));
    names.push_back(std::move(name));
  }
  std::vector<Action> actions;
  const absl::Time now = engine_->clock().Now();
  for (const AlertName& name : names) {
    Action& action = actions.emplace_back(deed.action);
    action.set_action_id(absl::BytesToHexString(RandomBytes(16)));
    action.set_alert_id(name.alert_id);
    action.set_child(name.child.Hex());
    if (!action.has_at()) *action.mutable_at() = ToTimestamp(now);
    // What admission will say, in time to mend it.
    const std::string bytes = action.SerializeAsString();
    Received received;
    received.speaker = Speaker::kPeople;
    received.value = bytes;
    const auto checked = CheckReply(received, now);
    if (const auto* no = absl::get_if<Rejection>(&checked)) {
      return absl::InvalidArgumentError(absl::StrCat(no->field, ": ", no->sentence));
    }
  }
  return actions;
}

absl::StatusOr<std::string> AlertDesk::Do(const Deed& deed, Format format) {
  DOLEN_ASSIGN_OR_RETURN(const std::vector<Action> actions, ActionsOf(deed));
  DOLEN_RETURN_IF_ERROR(Append(actions));
  if (engine_->running()) {
    for (const Action& action : actions) DOLEN_RETURN_IF_ERROR(WaitFor(action));
  }
  if (format == Format::kText) {
    return absl::StrCat(actions.size(), actions.size() == 1 ? " alert\n" : " alerts\n");
  }
  std::string out;
  for (const Action& action : actions) {
    const nlohmann::ordered_json json = {{"alert_id", action.alert_id()},
                                         {"action_id", action.action_id()}};
    absl::StrAppend(&out, json.dump(), "\n");
  }
  return out;
}

absl::Status AlertDesk::Append(const std::vector<Action>& actions) {
  const std::lock_guard<std::mutex> lock(appending_);
  Installation& installation = engine_->installation();
  if (appender_ == nullptr) {
    DOLEN_ASSIGN_OR_RETURN(appender_, installation.log().OpenAppender());
  }
  absl::Status status;
  for (const Action& action : actions) {
    status = appender_->Append({installation.names().Actions(), 0}, action.child(),
                               action.SerializeAsString());
    if (!status.ok()) break;
  }
  if (status.ok()) status = appender_->Flush();
  // After an error nothing is known of what it holds.
  if (!status.ok()) appender_ = nullptr;
  return status;
}

absl::Status AlertDesk::WaitFor(const Action& action) {
  ChildKey child;
  (void)ChildKey::FromHex(action.child(), child);
  for (absl::Duration waited; waited < kPatience; waited += kLook) {
    DOLEN_ASSIGN_OR_RETURN(const std::vector<TrailLine> trail,
                           engine_->WithShard(engine_->ShardOf(child), [&](Shard& shard) {
                             return TrailOf(shard.store(), child, action.alert_id());
                           }));
    const bool is_there = std::any_of(trail.begin(), trail.end(), [&](const TrailLine& line) {
      const auto* one = absl::get_if<Action>(&line.what);
      return one != nullptr && one->action_id() == action.action_id();
    });
    if (is_there) return absl::OkStatus();
    absl::SleepFor(kLook);
  }
  return absl::DeadlineExceededError(
      "it is in the log and will count, but is not folded yet; look again with: dolen alerts show");
}

}  // namespace dolen
