#include "deploy/program/upkeep.h"

#include <algorithm>
#include <utility>

#include "absl/container/btree_map.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/str_join.h"
#include "engine/base/status.h"
#include "engine/base/time.h"
#include "engine/store/facts.h"
#include "nlohmann/json.hpp"

namespace dolen {
namespace {

using Json = nlohmann::ordered_json;
using alert::v1::Alert;

constexpr absl::Duration kFoldPatience = absl::Seconds(60);
// An import of any size is over by then, so this one broke off or was forgotten.
constexpr absl::Duration kLongBackfill = absl::Hours(24);

// A change that is held back, and what was published of the alert before (number 0: nothing).
struct Held {
  Alert change;
  Alert published;
};

absl::StatusOr<std::vector<Held>> ReadHeld(Engine& engine) {
  std::vector<Held> all;
  absl::Status parsed;
  for (size_t shard = 0; shard < engine.shards(); ++shard) {
    DOLEN_RETURN_IF_ERROR(engine.WithShard(shard, [&](Shard& one) {
      return one.store().Scan("h", [&](absl::string_view, absl::string_view value) {
        store::v1::HeldRow row;
        Held& held = all.emplace_back();
        if (!row.ParseFromArray(value.data(), static_cast<int>(value.size())) ||
            !held.change.ParseFromString(row.change()) ||
            !held.published.ParseFromString(row.published())) {
          parsed = absl::DataLossError("store: a held change of an alert cannot be parsed");
        }
        return parsed.ok();
      });
    }));
  }
  DOLEN_RETURN_IF_ERROR(parsed);
  std::sort(all.begin(), all.end(), [](const Held& a, const Held& b) {
    return std::make_tuple(a.change.rule(), FromTimestamp(a.change.due()), a.change.alert_id()) <
           std::make_tuple(b.change.rule(), FromTimestamp(b.change.due()), b.change.alert_id());
  });
  return all;
}

// How many by what changed, in words: "12 raised, 3 withdrawn".
std::string CountsOf(const std::vector<Held>& held, absl::string_view rule = {}) {
  absl::btree_map<alert::v1::State, int> counts;
  for (const Held& one : held) {
    if (rule.empty() || one.change.rule() == rule) ++counts[one.change.state()];
  }
  return absl::StrJoin(counts, ", ", [](std::string* out, const auto& count) {
    absl::StrAppend(out, count.second, " ", StateText(count.first));
  });
}

std::string CountsByRule(const std::vector<Held>& held) {
  std::vector<std::string> rules;
  for (const Held& one : held) {
    if (rules.empty() || rules.back() != one.change.rule()) rules.push_back(one.change.rule());
  }
  return absl::StrJoin(rules, "; ", [&](std::string* out, const std::string& rule) {
    absl::StrAppend(out, rule, ": ", CountsOf(held, rule));
  });
}

Json ToJson(const Held& held) {
  const Alert& alert = held.change;
  Json json = {{"alert_id", alert.alert_id()},
               {"change", StateText(alert.state())},
               {"number", alert.number()},
               {"rule", alert.rule()},
               {"level", alert.level()},
               {"child", alert.child()},
               {"clock", alert.clock()},
               {"accountable", alert.accountable()},
               {"due", Rfc3339(FromTimestamp(alert.due()))}};
  if (held.published.number() > 0) {
    json["published"] = {{"state", StateText(held.published.state())},
                         {"number", held.published.number()},
                         {"accountable", held.published.accountable()},
                         {"due", Rfc3339(FromTimestamp(held.published.due()))}};
  }
  return json;
}

std::string ToText(const Held& held) {
  const Alert& alert = held.change;
  return absl::StrFormat(
      "%s  %-9s %-9s %-20s child %s  %s [%s]; %s\n", Rfc3339(FromTimestamp(alert.due())),
      StateText(alert.state()), alert.level(), alert.accountable(), alert.child().substr(0, 8),
      alert.title_en(), alert.rule(),
      held.published.number() == 0
          ? "nothing was told before"
          : absl::StrFormat("told before: %s, due %s", StateText(held.published.state()),
                            Rfc3339(FromTimestamp(held.published.due()))));
}

// Shards that are folded again, each with how far it has come.
std::vector<std::string> FoldingAgain(Engine& engine) {
  std::vector<std::string> folding;
  for (size_t shard = 0; shard < engine.shards(); ++shard) {
    engine.WithShard(shard, [&](Shard& one) {
      if (!one.speaks()) {
        folding.push_back(absl::StrFormat("shard %d: %d of %d records", shard,
                                          one.fold().next_offset(), one.speaks_from()));
      }
      return 0;
    });
  }
  return folding;
}

// One backfill, as all shards know it.
struct WholeBackfill {
  absl::Time begun = absl::InfiniteFuture();
  absl::Time ended = absl::InfinitePast();  // the last; InfiniteFuture: open
  std::string by, ended_by;
  uint64_t events = 0;
  bool is_open() const { return ended == absl::InfiniteFuture(); }
};

absl::StatusOr<absl::btree_map<std::string, WholeBackfill>> ReadBackfills(Engine& engine) {
  absl::btree_map<std::string, WholeBackfill> all;
  for (size_t shard = 0; shard < engine.shards(); ++shard) {
    DOLEN_ASSIGN_OR_RETURN(const BackfillRows rows, engine.WithShard(shard, [](Shard& one) {
      return ReadBackfillRows(one.store());
    }));
    for (const auto& [name, row] : rows) {
      WholeBackfill& backfill = all[name];
      backfill.begun = std::min(backfill.begun, FromMicros(row.begun()));
      backfill.ended = std::max(backfill.ended,
                                row.has_ended() ? FromMicros(row.ended()) : absl::InfiniteFuture());
      if (backfill.by.empty()) backfill.by = row.by();
      if (backfill.ended_by.empty()) backfill.ended_by = row.ended_by();
      backfill.events += row.events();
    }
  }
  return all;
}

std::string ToText(const std::string& name, const WholeBackfill& backfill) {
  const std::string who = backfill.by.empty() ? "" : absl::StrCat(" by ", backfill.by);
  const std::string by = backfill.ended_by.empty() ? "" : absl::StrCat(" by ", backfill.ended_by);
  return absl::StrFormat(
      "%-32s begun %s%s, %d events, %s\n", name, Rfc3339(backfill.begun), who, backfill.events,
      backfill.is_open() ? "open" : absl::StrCat("ended ", Rfc3339(backfill.ended), by));
}

Json ToJson(const std::string& name, const WholeBackfill& backfill) {
  Json json = {{"backfill", name},
               {"open", backfill.is_open()},
               {"begun", Rfc3339(backfill.begun)},
               {"events", backfill.events}};
  if (!backfill.by.empty()) json["by"] = backfill.by;
  if (backfill.is_open()) return json;
  json["ended"] = Rfc3339(backfill.ended);
  if (!backfill.ended_by.empty()) json["ended_by"] = backfill.ended_by;
  return json;
}

}  // namespace

absl::StatusOr<std::string> ShowRevision(Engine& engine, Format format) {
  DOLEN_ASSIGN_OR_RETURN(const std::vector<Held> held, ReadHeld(engine));
  const std::vector<std::string> folding = FoldingAgain(engine);
  std::string out;
  for (const Held& one : held) {
    absl::StrAppend(&out, format == Format::kJson ? ToJson(one).dump() + "\n" : ToText(one));
  }
  if (format == Format::kJson) return out;
  if (!folding.empty()) {
    absl::StrAppend(&out, "Not all is known yet; folded again: ", absl::StrJoin(folding, ", "),
                    ".\n");
  }
  if (!held.empty()) {
    absl::StrAppend(&out, held.size(),
                    " changes are held back and nobody is told: ", CountsByRule(held), ".\n");
  } else if (folding.empty()) {
    absl::StrAppend(&out, "Nothing is held back.\n");
  }
  return out;
}

absl::Status ReleaseRevision(Engine& engine, bool quiet, const std::string& by) {
  const std::vector<std::string> folding = FoldingAgain(engine);
  if (!folding.empty()) {
    return absl::UnavailableError(
        absl::StrCat("not all differences are known yet, since the ledger is folded again (",
                     absl::StrJoin(folding, ", "), "); look at them when that is done"));
  }
  ledger::v1::Record record;
  record.set_written(Micros(engine.clock().Now()));
  ledger::v1::Fact& fact = *record.mutable_fact();
  fact.set_by(by);
  fact.mutable_revision_released()->set_revision(kFoldRevision);
  fact.mutable_revision_released()->set_quiet(quiet);
  DOLEN_RETURN_IF_ERROR(engine.installation().AppendToAll(record));
  return engine.WaitForFold(kFoldPatience);
}

absl::StatusOr<std::string> ListBackfills(Engine& engine, Format format) {
  DOLEN_RETURN_IF_ERROR(engine.WaitForFold(kFoldPatience));
  DOLEN_ASSIGN_OR_RETURN(const auto all, ReadBackfills(engine));
  std::vector<std::pair<std::string, WholeBackfill>> sorted(all.begin(), all.end());
  std::stable_sort(sorted.begin(), sorted.end(),
                   [](const auto& a, const auto& b) { return a.second.begun < b.second.begun; });
  std::string out;
  for (const auto& [name, backfill] : sorted) {
    absl::StrAppend(&out, format == Format::kJson ? ToJson(name, backfill).dump() + "\n"
                                                  : ToText(name, backfill));
  }
  if (format == Format::kText && out.empty()) out = "There was no backfill.\n";
  return out;
}

absl::StatusOr<std::vector<UpkeepFinding>> UpkeepFindings(Engine& engine) {
  std::vector<UpkeepFinding> findings;
  const std::vector<std::string> folding = FoldingAgain(engine);
  if (!folding.empty()) {
    findings.push_back({"error", "folding_again",
                        absl::StrCat("the ledger is folded again by fold revision ", kFoldRevision,
                                     ", and nobody is told anything until that is done: ",
                                     absl::StrJoin(folding, ", "))});
  }
  DOLEN_ASSIGN_OR_RETURN(const std::vector<Held> held, ReadHeld(engine));
  if (!held.empty()) {
    findings.push_back(
        {"error", "revision_held",
         absl::StrCat(held.size(), " changes of alerts (", CountsOf(held),
                      ") are held back since the fold revision changed, and nobody is told of "
                      "them: ",
                      CountsByRule(held),
                      "; look at them with: dolen revision show; then: dolen revision release")});
  }
  DOLEN_ASSIGN_OR_RETURN(const auto backfills, ReadBackfills(engine));
  for (const auto& [name, backfill] : backfills) {
    if (!backfill.is_open() || engine.clock().Now() - backfill.begun < kLongBackfill) continue;
    findings.push_back(
        {"warning", "backfill_open",
         absl::StrCat("backfill ", name, " has been open since ", Rfc3339(backfill.begun),
                      ", and pages nobody for what it brought; if its import is over, say: dolen "
                      "backfill end ",
                      name)});
  }
  return findings;
}

}  // namespace dolen
