#include "deploy/program/service.h"

#include <algorithm>
#include <utility>
#include <vector>

#include "absl/container/btree_set.h"
#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_replace.h"
#include "absl/strings/str_split.h"
#include "deploy/program/book_file.h"
#include "deploy/program/notify.h"
#include "deploy/program/upkeep.h"
#include "engine/base/limits.h"
#include "engine/base/status.h"
#include "engine/base/time.h"
#include "engine/store/keys.h"
#include "nlohmann/json.hpp"

namespace dolen {
namespace {

using Json = nlohmann::ordered_json;

constexpr absl::Duration kFoldPatience = absl::Seconds(60);
constexpr absl::Duration kReceivedBytesStay = absl::Hours(24 * 90);

absl::string_view StateText(QuarantineState state) {
  switch (state) {
    case QuarantineState::kOpen:
      return "open";
    case QuarantineState::kRetried:
      return "retried";
    case QuarantineState::kSetAside:
      return "set_aside";
  }
  return "";
}

Json ToJson(const QuarantineEntry& entry) {
  Json json = {{"offset", entry.offset},
               {"state", std::string(StateText(entry.state))},
               {"reason", entry.kept.reason()},
               {"field", entry.kept.field()},
               {"sentence", entry.kept.sentence()},
               {"agency", entry.kept.agency()},
               {"intake",
                {{"topic", entry.kept.intake().topic()},
                 {"partition", entry.kept.intake().partition()},
                 {"offset", entry.kept.intake().offset()}}},
               {"at", Rfc3339(FromMicros(entry.kept.at()))}};
  if (entry.kept.received_bytes() > 0) json["received_bytes"] = entry.kept.received_bytes();
  if (!entry.kept.place().empty()) json["place"] = entry.kept.place();
  if (entry.state != QuarantineState::kOpen) {
    json["by"] = entry.by;
    json["why"] = entry.why;
  }
  return json;
}

std::string ToText(const QuarantineEntry& entry) {
  const ledger::v1::Position& intake = entry.kept.intake();
  return absl::StrFormat(
      "%6d  %-9s %-24s %s  %s\n", entry.offset, StateText(entry.state), entry.kept.reason(),
      entry.kept.place().empty()
          ? absl::StrFormat("%s/%d@%d", intake.topic(), intake.partition(), intake.offset())
          : entry.kept.place(),
      entry.kept.sentence());
}

// Drawn on reading: a child that a new book is still to be drawn for by a tick is shown with it.
absl::StatusOr<Timeline> TimelineOf(const ChildKey& child, const AskedPast& asked, Fold& fold) {
  DOLEN_ASSIGN_OR_RETURN(const std::vector<Event> events, fold.EventsOf(child));
  DOLEN_ASSIGN_OR_RETURN(const Past past, PastOf(asked, events, fold.books()));
  if (past.known_at < fold.reached()) {
    DOLEN_ASSIGN_OR_RETURN(const Books books, fold.BooksKnownAt(past.known_at));
    return DrawTimeline(KnownIn(events, past, books), past, books, fold.reached());
  }
  const Books& books = fold.books();
  Timeline timeline = DrawTimeline(KnownIn(events, past, books), past, books, fold.reached());
  if (timeline.IsPast()) return timeline;
  DOLEN_ASSIGN_OR_RETURN(const Alerts alerts, fold.AlertsOf(child));
  AddAlerts(child, alerts, books, timeline);
  return timeline;
}

}  // namespace

absl::StatusOr<absl::optional<ChildKey>> Service::ChildOf(const std::string& issuer,
                                                          const std::string& asked) {
  IdentityLog& identity = engine_->installation().identity();
  DOLEN_RETURN_IF_ERROR(engine_->WithAdmitter([&](Admitter&) { return identity.Refresh(); }));
  // Asked for as it is written on paper ("943 476 5919"); events carry it without blanks.
  return identity.Lookup(issuer, absl::StrReplaceAll(asked, {{" ", ""}}));
}

absl::StatusOr<std::string> Service::Timeline(const std::string& issuer, const std::string& asked,
                                              const AskedPast& past, Format format) {
  DOLEN_ASSIGN_OR_RETURN(const absl::optional<ChildKey> child, ChildOf(issuer, asked));
  if (!child) return absl::NotFoundError("no child is known here under this identifier");
  DOLEN_ASSIGN_OR_RETURN(const dolen::Timeline timeline,
                         engine_->WithShard(engine_->ShardOf(*child), [&](Shard& shard) {
                           return TimelineOf(*child, past, shard.fold());
                         }));
  const std::string name = absl::StrCat(issuer, ":", absl::StrReplaceAll(asked, {{" ", ""}}));
  return format == Format::kJson ? TimelineJson(name, timeline) : TimelineText(name, timeline);
}

template <typename F>
auto Service::WithQuarantine(F&& use) -> decltype(use(std::declval<Quarantine&>())) {
  const std::lock_guard<std::mutex> lock(quarantine_mutex_);
  if (quarantine_ == nullptr) {
    Installation& installation = engine_->installation();
    DOLEN_ASSIGN_OR_RETURN(quarantine_,
                           Quarantine::Open(&installation.log(), installation.names(),
                                            [this] { return engine_->clock().Now(); }));
  }
  return use(*quarantine_);
}

absl::StatusOr<std::string> Service::ListQuarantine(const QuarantineFilter& filter, Format format) {
  DOLEN_ASSIGN_OR_RETURN(
      const std::vector<QuarantineEntry> entries,
      WithQuarantine([&](Quarantine& quarantine) { return quarantine.List(filter); }));
  std::string out;
  for (const QuarantineEntry& entry : entries) {
    absl::StrAppend(&out, format == Format::kJson ? ToJson(entry).dump() + "\n" : ToText(entry));
  }
  DOLEN_ASSIGN_OR_RETURN(const std::string conflicts, ListAside(format));
  absl::StrAppend(&out, conflicts);
  if (format == Format::kText && out.empty()) out = "Nothing is in quarantine.\n";
  return out;
}

// What the folds kept aside: conflicts and events beyond the limit. They are in the ledger, so
// there is nothing to retry.
absl::StatusOr<std::string> Service::ListAside(Format format) {
  std::string out;
  absl::Status parsed;
  for (size_t shard = 0; shard < engine_->shards(); ++shard) {
    DOLEN_RETURN_IF_ERROR(engine_->WithShard(shard, [&](Shard& one) {
      return one.store().Scan("x", [&](absl::string_view key, absl::string_view value) {
        store::v1::AsideRow row;
        ledger::v1::AgencyEvent event;
        if (!row.ParseFromArray(value.data(), static_cast<int>(value.size())) ||
            !event.ParseFromString(row.event())) {
          parsed = absl::DataLossError("store: a row kept aside cannot be parsed");
          return false;
        }
        const int64_t position = static_cast<int64_t>(keys::FromBigEndian(key.substr(17)));
        const ledger::v1::Position& intake = event.intake();
        if (format == Format::kJson) {
          Json json = {{"state", "aside"},
                       {"reason", row.reason()},
                       {"agency", event.agency()},
                       {"intake",
                        {{"topic", intake.topic()},
                         {"partition", intake.partition()},
                         {"offset", intake.offset()}}},
                       {"ledger", {{"partition", shard}, {"offset", position}}},
                       {"at", Rfc3339(FromMicros(row.recorded()))}};
          if (row.reason() == "conflict") json["stands"] = row.stands();
          absl::StrAppend(&out, json.dump(), "\n");
        } else {
          absl::StrAppendFormat(
              &out, "     -  aside     %-24s %s/%d@%d  ledger %d@%d%s\n", row.reason(),
              intake.topic(), intake.partition(), intake.offset(), shard, position,
              row.reason() == "conflict" ? absl::StrCat(", the event at ", row.stands(), " stands")
                                         : "");
        }
        return true;
      });
    }));
  }
  if (!parsed.ok()) return parsed;
  return out;
}

absl::StatusOr<std::string> Service::ShowQuarantine(int64_t offset, Format format) {
  DOLEN_ASSIGN_OR_RETURN(const QuarantineEntry entry, WithQuarantine([&](Quarantine& quarantine) {
                           return quarantine.Get(offset);
                         }));
  Json json = ToJson(entry);
  json["value_hex"] = absl::BytesToHexString(entry.kept.value());
  if (format == Format::kJson) return json.dump() + "\n";
  std::string out = ToText(entry);
  if (entry.kept.received_bytes() > 0) {
    absl::StrAppend(&out, "Only the beginning of its ", entry.kept.received_bytes(),
                    " bytes is kept here; the whole is in intake as long as that keeps it.\n");
  }
  event::v1::Event event;
  if (event.ParseFromString(entry.kept.value())) {
    absl::StrAppend(&out, event.DebugString());
  } else {
    absl::StrAppend(&out, entry.kept.value().size(), " bytes that are no event: ",
                    absl::CHexEscape(entry.kept.value().substr(0, 400)), "\n");
  }
  return out;
}

absl::StatusOr<std::string> Service::Retry(int64_t offset, const std::string& by) {
  DOLEN_ASSIGN_OR_RETURN(const Outcome outcome, WithQuarantine([&](Quarantine& quarantine) {
                           return engine_->WithAdmitter([&](Admitter& admitter) {
                             return quarantine.Retry(offset, by, admitter);
                           });
                         }));
  if (!outcome.rejection) return Json{{"offset", offset}, {"admitted", true}}.dump() + "\n";
  return Json{{"offset", offset},
              {"admitted", false},
              {"reason", outcome.rejection->code},
              {"field", outcome.rejection->field},
              {"sentence", outcome.rejection->sentence}}
             .dump() +
         "\n";
}

absl::Status Service::SetAside(int64_t offset, const std::string& by, const std::string& why) {
  if (why.empty()) return absl::InvalidArgumentError("say why it is set aside");
  return WithQuarantine(
      [&](Quarantine& quarantine) { return quarantine.SetAside(offset, by, why); });
}

absl::StatusOr<ledger::v1::Delivered> Service::Admit(const ledger::v1::Delivery& delivery) {
  std::vector<Received> batch;
  std::vector<int> index;
  ledger::v1::Delivered delivered;
  return engine_->WithAdmitter([&](Admitter& admitter) -> absl::StatusOr<ledger::v1::Delivered> {
    for (int i = 0; i < delivery.item_size(); ++i) {
      const ledger::v1::DeliveryItem& item = delivery.item(i);
      Received received;
      received.agency = item.agency();
      received.intake = {item.intake().topic(), item.intake().partition(), item.intake().offset()};
      received.value = item.value();
      received.place = item.place();
      received.backfill = delivery.backfill();
      if (!item.reason().empty()) {
        DOLEN_RETURN_IF_ERROR(
            admitter.Quarantine(received, {item.reason(), item.field(), item.sentence()}));
        delivered.set_quarantined(delivered.quarantined() + 1);
        continue;
      }
      batch.push_back(received);
      index.push_back(i);
    }
    absl::StatusOr<std::vector<Outcome>> outcomes = admitter.Admit(batch);
    if (!outcomes.ok()) {
      DOLEN_RETURN_IF_ERROR(admitter.Reopen());
      outcomes = admitter.Admit(batch);  // the fold drops what is there already
    }
    DOLEN_RETURN_IF_ERROR(outcomes.status());
    for (size_t i = 0; i < outcomes->size(); ++i) {
      const absl::optional<Rejection>& no = (*outcomes)[i].rejection;
      if (!no) {
        delivered.set_admitted(delivered.admitted() + 1);
        continue;
      }
      delivered.set_quarantined(delivered.quarantined() + 1);
      delivered.add_refusal(
          absl::StrCat(index[i], ": ", no->code, ": ", no->field, ": ", no->sentence));
    }
    return delivered;
  });
}

absl::Status Service::MakeIntake(const std::string& agency) {
  const TopicNames& names = engine_->installation().names();
  const std::string topic = names.Intake(agency);
  if (agency.empty() || names.AgencyOf(topic) != agency) {
    return absl::InvalidArgumentError(
        absl::StrCat("\"", agency, "\" is no short id of an agency: use a-z, 0-9 and _"));
  }
  Log& log = engine_->installation().log();
  const absl::StatusOr<int32_t> known = log.Partitions(topic);
  if (!absl::IsNotFound(known.status())) return known.status();
  return log.CreateTopic({topic, 1, false, kReceivedBytesStay, kMaxIntakeRecord});
}

absl::Status Service::Publish(const ledger::v1::Delivery& delivery) {
  absl::btree_set<std::string> agencies;
  for (const ledger::v1::DeliveryItem& item : delivery.item()) agencies.insert(item.agency());
  for (const std::string& agency : agencies) DOLEN_RETURN_IF_ERROR(MakeIntake(agency));
  const std::lock_guard<std::mutex> lock(publishing_);
  const absl::Status appended = AppendToIntake(delivery);
  // After an error nothing is known of what it holds.
  if (!appended.ok()) appender_ = nullptr;
  return appended;
}

absl::Status Service::AppendToIntake(const ledger::v1::Delivery& delivery) {
  Installation& installation = engine_->installation();
  if (appender_ == nullptr) {
    DOLEN_ASSIGN_OR_RETURN(appender_, installation.log().OpenAppender());
  }
  for (const ledger::v1::DeliveryItem& item : delivery.item()) {
    const TopicPartition to{installation.names().Intake(item.agency()), 0};
    DOLEN_RETURN_IF_ERROR(appender_->Append(to, "", item.value()));
  }
  return appender_->Flush();
}

absl::Status Service::PublishBook(const std::string& file, const std::string& text,
                                  const std::string& by) {
  DOLEN_ASSIGN_OR_RETURN(const ledger::v1::Record record,
                         BookRecord(file, text, by, engine_->clock().Now()));
  return engine_->installation().AppendToAll(record);
}

absl::Status Service::AppendFact(const ledger::v1::Fact& fact) {
  ledger::v1::Record record;
  record.set_written(Micros(engine_->clock().Now()));
  *record.mutable_fact() = fact;
  return engine_->installation().AppendToAll(record);
}

absl::Status Service::BeginBackfill(const std::string& name, const std::string& by) {
  if (name.empty()) return absl::InvalidArgumentError("a backfill needs a name");
  ledger::v1::Fact fact;
  fact.set_backfill_begun(name);
  fact.set_by(by);
  return AppendFact(fact);
}

absl::Status Service::EndBackfill(const std::string& name, const std::string& by) {
  if (name.empty()) return absl::InvalidArgumentError("a backfill needs a name");
  ledger::v1::Fact fact;
  fact.set_backfill_ended(name);
  fact.set_by(by);
  return AppendFact(fact);
}

absl::StatusOr<std::string> Service::Ends() {
  std::vector<int64_t> ends;
  Installation& installation = engine_->installation();
  for (size_t shard = 0; shard < engine_->shards(); ++shard) {
    DOLEN_ASSIGN_OR_RETURN(
        const Bounds bounds,
        installation.log().BoundsOf({installation.names().Ledger(), static_cast<int32_t>(shard)}));
    ends.push_back(bounds.end);
  }
  return absl::StrJoin(ends, ",");
}

absl::StatusOr<std::string> Service::CountOf(const std::string& intake_topic,
                                             const std::string& from) {
  DOLEN_RETURN_IF_ERROR(engine_->WaitForFold(kFoldPatience));
  const std::vector<std::string> ends = absl::StrSplit(from, ',');
  if (ends.size() != engine_->shards()) {
    return absl::InvalidArgumentError("one position for each shard is needed");
  }
  int64_t events = 0, conflicts = 0;
  for (size_t shard = 0; shard < engine_->shards(); ++shard) {
    int64_t first = 0;
    if (!absl::SimpleAtoi(ends[shard], &first)) {
      return absl::InvalidArgumentError("a position is no number");
    }
    DOLEN_RETURN_IF_ERROR(engine_->WithShard(shard, [&](Shard& one) -> absl::Status {
      ledger::v1::AgencyEvent event;
      store::v1::EventRow row;
      DOLEN_RETURN_IF_ERROR(one.store().Scan(
          "e", keys::Event(first), [&](absl::string_view, absl::string_view value) {
            if (row.ParseFromArray(value.data(), static_cast<int>(value.size())) &&
                event.ParseFromString(row.event()) && event.intake().topic() == intake_topic) {
              ++events;
            }
            return true;
          }));
      store::v1::AsideRow aside;
      return one.store().Scan("x", [&](absl::string_view key, absl::string_view value) {
        if (static_cast<int64_t>(keys::FromBigEndian(key.substr(17))) < first) return true;
        if (aside.ParseFromArray(value.data(), static_cast<int>(value.size())) &&
            event.ParseFromString(aside.event()) && event.intake().topic() == intake_topic) {
          ++conflicts;
        }
        return true;
      });
    }));
  }
  return Json{{"events", events}, {"conflicts", conflicts}}.dump();
}

absl::Status Service::ConfirmTime() {
  engine_->clock().Confirm();
  engine_->alarms().Clear("clock_not_trusted");
  return absl::OkStatus();
}

absl::StatusOr<int64_t> Service::OpenQuarantine() {
  return WithQuarantine([](Quarantine& quarantine) { return quarantine.CountOpen(); });
}

absl::StatusOr<std::string> Service::Doctor() {
  Json findings = Json::array();
  const auto find = [&](absl::string_view severity, absl::string_view code,
                        const std::string& sentence) {
    findings.push_back(
        {{"severity", std::string(severity)}, {"code", std::string(code)}, {"sentence", sentence}});
  };
  DOLEN_ASSIGN_OR_RETURN(const std::vector<UpkeepFinding> upkeep, UpkeepFindings(*engine_));
  for (const UpkeepFinding& one : upkeep) find(one.severity, one.code, one.sentence);
  for (const auto& [code, sentence] : engine_->alarms().List()) {
    if (code != "revision_held") find("error", code, sentence);  // it is among the upkeep
  }
  if (!engine_->clock().Trusted()) {
    find("error", "clock_not_trusted",
         engine_->clock().Alarm() +
             "; if the wall clock is right, say: dolen doctor --confirm-time");
  }
  if (engine_->running() && notifier_ == nullptr) {
    find("warning", "nobody_notified",
         "alerts are on their topic and in dolen alerts only; start dolen serve with "
         "--routing=FILE");
  }
  if (notifier_ != nullptr) {
    for (const auto& [code, sentence] : NotifierFindings(notifier()->Status())) {
      find(code == "notifier_failing" || absl::StartsWith(code, "undelivered_") ? "error"
                                                                                : "warning",
           code, sentence);
    }
  }
  const bool has_book =
      engine_->WithShard(0, [](Shard& shard) { return !shard.fold().books().families().empty(); });
  if (!has_book) {
    find("warning", "no_book",
         "no pathway book with rules was published, so timelines have no clocks; say: dolen book "
         "publish FILE");
  }
  uint64_t records = 0, events = 0, untold = 0;
  size_t waiting = 0;
  absl::Time reached = absl::InfinitePast();
  for (size_t i = 0; i < engine_->shards(); ++i) {
    engine_->WithShard(i, [&](Shard& shard) {
      records += shard.fold().counts().records();
      events += shard.fold().counts().events();
      untold += shard.fold().untold();
      waiting += shard.waiting_alerts();
      reached = std::max(reached, shard.fold().reached());
      return 0;
    });
  }
  DOLEN_ASSIGN_OR_RETURN(const int64_t quarantined, OpenQuarantine());
  if (quarantined > 0) {
    find("warning", "quarantine_open",
         absl::StrCat(quarantined, " values wait in quarantine; say: dolen quarantine list"));
  }
  const bool ok = std::none_of(findings.begin(), findings.end(),
                               [](const Json& one) { return one["severity"] == "error"; });
  const Json json = {{"ok", ok},
                     {"log", engine_->installation().place().kafka.empty() ? "local" : "kafka"},
                     {"shards", engine_->shards()},
                     {"records", records},
                     {"events", events},
                     {"breaches_untold", untold},
                     {"alerts_waiting", waiting},
                     {"intake_lag", engine_->intake_lag()},
                     {"reached", reached == absl::InfinitePast() ? "" : Rfc3339(reached)},
                     {"findings", findings}};
  return json.dump() + "\n";
}

}  // namespace dolen
