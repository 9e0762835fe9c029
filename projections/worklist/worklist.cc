#include "projections/worklist/worklist.h"

#include <algorithm>
#include <utility>

#include "absl/strings/escaping.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "engine/base/digest.h"
#include "engine/base/status.h"
#include "engine/base/time.h"
#include "engine/child/minutes.h"
#include "engine/store/keys.h"
#include "engine/store/walk.h"

namespace dolen {
namespace {

using store::v1::WorkRow;

constexpr absl::string_view kMine("\0m", 2), kWaiting("\0w", 2);
constexpr size_t kPlaceBytes = 8 + ChildKey::kBytes + 8;

absl::string_view Mark(WorkSide side) { return side == WorkSide::kMine ? kMine : kWaiting; }

absl::Time TimeOf(bool has, int64_t micros) {
  return has ? FromMicros(micros) : absl::InfiniteFuture();
}

void Put(const Stood& one, const Picture& picture, const Duty& duty, const Clock& clock,
         const Books& books, store::v1::WorkSpan& span) {
  span.set_from(Micros(one.from));
  if (one.to != absl::InfiniteFuture()) span.set_to(Micros(one.to));
  if (!one.owner.empty()) {
    span.set_owner(AgencyAt(one.owner, picture, duty, clock, books, one.from));
  }
}

// Whose minutes they are may change in the midst of a pause: then it is cut there.
void PutStood(const Picture& picture, const Duty& duty, const Clock& clock, const Books& books,
              WorkRow& row) {
  std::vector<Share> shares;
  if (std::any_of(clock.stood.begin(), clock.stood.end(),
                  [](const Stood& one) { return IsParty(one.owner); })) {
    shares = SharesOf(picture, duty, clock, books, absl::InfiniteFuture());
  }
  for (const Stood& one : clock.stood) {
    if (!IsParty(one.owner)) Put(one, picture, duty, clock, books, *row.add_stood());
    for (const Share& share : shares) {
      const Stood piece{std::max(share.from, one.from), std::min(share.to, one.to), one.owner};
      if (!IsParty(one.owner) || piece.from >= piece.to) continue;
      Put(piece, picture, duty, clock, books, *row.add_stood());
    }
  }
}

// Of the level among those of its rule, lowest first; -1: the books here do not know it.
int PlaceOf(const Told& told, const Books& books) {
  const RuleVersion* const version = VersionOf(told, books);
  if (version == nullptr) return -1;
  const auto& levels = version->rule.level();
  for (int i = 0; i < levels.size(); ++i) {
    if (levels[i].name() == told.level) return i;
  }
  return -1;
}

void PutAlert(const ChildKey& child, const Alerts& alerts, const Books& books, WorkRow& row) {
  // The one that became true last is the highest. Several become true at one instant where a clock
  // was late when it started: then the one that the rule names last.
  const auto is_higher = [&](const Told& told, const Told& than) {
    if (told.since != than.since) return told.since > than.since;
    return PlaceOf(told, books) > PlaceOf(than, books);
  };
  const Told* highest = nullptr;
  for (const Told& told : alerts) {
    if (told.clock != row.clock() || !told.IsOpen()) continue;
    if (highest == nullptr || is_higher(told, *highest)) highest = &told;
  }
  if (highest == nullptr) return;
  row.set_alert_id(absl::HexStringToBytes(AlertId(child, highest->clock, highest->level)));
  row.set_alert_level(highest->level);
  row.set_alert_state(highest->state);
  row.set_assigned_to(highest->assigned_to);
}

WorkRow RowOf(const ChildKey& child, const Picture& picture, const Duty& duty, const Clock& clock,
              const Alerts& alerts, const Books& books) {
  const RuleFamily& family = books.families()[duty.family];
  const Matter& matter = picture.matters[clock.matter];
  WorkRow row;
  row.set_clock(ClockName(picture, duty, clock, books));
  row.set_matter_agency(matter.agency);
  row.set_matter_id(matter.id);
  row.set_rule(family.id);
  row.set_version(clock.version);
  row.set_accountable(
      AgencyAt(family.versions[clock.version].rule.accountable(), picture, duty, clock, books));
  row.set_waits(WaitsFor(row.accountable(), picture, duty, clock, books));
  row.set_start(Micros(clock.start.from));
  if (!clock.close.IsNever()) row.set_close(Micros(clock.close.from));
  row.set_is_cancelled(clock.closed_by == ClosedBy::kCancel);
  if (clock.due != absl::InfiniteFuture()) row.set_due(Micros(clock.due));
  if (clock.target != absl::InfiniteFuture()) row.set_target(Micros(clock.target));
  row.set_no_calendar(clock.no_calendar);
  row.set_held(clock.held);
  PutStood(picture, duty, clock, books, row);
  for (const Excused& one : clock.excused) {
    store::v1::WorkSpan& span = *row.add_excused();
    span.set_from(Micros(one.from));
    if (one.to != absl::InfiniteFuture()) span.set_to(Micros(one.to));
  }
  PutAlert(child, alerts, books, row);
  return row;
}

std::string PlaceOf(const ChildKey& child, const WorkRow& row) {
  // What is never due stands last.
  const uint64_t due = row.has_due() ? static_cast<uint64_t>(row.due()) : ~uint64_t{0};
  return absl::StrCat(keys::BigEndian(due, 8), child.bytes(),
                      keys::BigEndian(Hash64(row.clock(), ""), 8));
}

// As much of the clock as its state hangs on.
Clock ClockOf(const WorkRow& row) {
  Clock clock;
  clock.start.from = TimeOf(row.has_start(), row.start());
  clock.close.from = TimeOf(row.has_close(), row.close());
  if (row.has_close()) {
    clock.closed_by = row.is_cancelled() ? ClosedBy::kCancel : ClosedBy::kStop;
  }
  clock.due = TimeOf(row.has_due(), row.due());
  clock.no_calendar = row.no_calendar();
  clock.held = row.held();
  for (const store::v1::WorkSpan& one : row.stood()) {
    clock.stood.push_back({FromMicros(one.from()), TimeOf(one.has_to(), one.to()), one.owner()});
  }
  for (const store::v1::WorkSpan& one : row.excused()) {
    clock.excused.push_back({FromMicros(one.from()), TimeOf(one.has_to(), one.to())});
  }
  return clock;
}

std::string OwnerAt(const Clock& clock, absl::Time at) {
  for (const Stood& one : clock.stood) {
    if (one.from <= at && at < one.to) return one.owner;
  }
  return "";
}

}  // namespace

Rows WorkRowsOf(const ChildKey& child, const Picture& picture, const Alerts& alerts,
                absl::Time recorded, const Books& books) {
  Rows rows;
  ForEachClock(picture, [&](const Duty& duty, const Clock& clock) {
    if (clock.closed_by == ClosedBy::kVoided || clock.close.from <= recorded) return;
    const WorkRow row = RowOf(child, picture, duty, clock, alerts, books);
    const std::string place = PlaceOf(child, row), value = row.SerializeAsString();
    rows.push_back({absl::StrCat(row.accountable(), kMine, place), value});
    if (!row.waits().empty()) rows.push_back({absl::StrCat(row.waits(), kWaiting, place), value});
  });
  return rows;
}

void WorklistView::AddRows(const ChildKey& child, const ChildState& state, const Books& books,
                           Rows& rows) const {
  if (state.has_seals || state.history.entries().empty()) return;  // none has an agency
  Rows its = WorkRowsOf(child, state.picture, state.alerts, state.recorded, books);
  std::move(its.begin(), its.end(), std::back_inserter(rows));
}

absl::StatusOr<WorkItem> WorkItemOfAnyTime(absl::string_view key, absl::string_view value) {
  WorkItem item;
  if (key.size() < kPlaceBytes ||
      !item.row.ParseFromArray(value.data(), static_cast<int>(value.size()))) {
    return absl::DataLossError("worklist: a row cannot be parsed");
  }
  item.place = std::string(key.substr(key.size() - kPlaceBytes));
  (void)ChildKey::FromBytes(absl::string_view(item.place).substr(8, ChildKey::kBytes), item.child);
  return item;
}

absl::StatusOr<absl::optional<WorkItem>> WorkItemOf(absl::string_view key, absl::string_view value,
                                                    absl::Time at) {
  DOLEN_ASSIGN_OR_RETURN(WorkItem item, WorkItemOfAnyTime(key, value));
  const Clock clock = ClockOf(item.row);
  if (!IsOpenAt(clock, at)) return absl::optional<WorkItem>();
  item.state = StateAt(clock, at);
  if (item.state == ClockState::kPaused) item.paused_by = OwnerAt(clock, at);
  return absl::optional<WorkItem>(std::move(item));
}

std::string WorklistPrefix(absl::string_view agency, WorkSide side) {
  return ViewKey(WorklistView(), absl::StrCat(agency, Mark(side)));
}

bool Fits(const WorkItem& item, const WorkQuery& query) {
  return (query.rule.empty() || item.row.rule() == query.rule) &&
         (!query.state || item.state == *query.state);
}

absl::StatusOr<std::vector<WorkItem>> ReadWorklist(absl::Span<const WorkRows> shards,
                                                   const WorkQuery& query) {
  std::vector<const StoreReader*> stores;
  for (const WorkRows& shard : shards) stores.push_back(shard.store);
  const std::string prefix = WorklistPrefix(query.agency, query.side);
  std::vector<WorkItem> items;
  for (Walk walk(stores, prefix, prefix + query.after); items.size() < query.limit; walk.Next()) {
    if (walk.IsAtEnd()) {
      DOLEN_RETURN_IF_ERROR(walk.status());
      break;
    }
    if (!query.after.empty() && walk.key().substr(prefix.size()) == query.after) continue;
    DOLEN_ASSIGN_OR_RETURN(absl::optional<WorkItem> item,
                           WorkItemOf(walk.key(), walk.value(), shards[walk.store()].at));
    if (item && Fits(*item, query)) items.push_back(*std::move(item));
  }
  return items;
}

absl::StatusOr<std::vector<WorkItem>> WorkItemsIn(const Rows& rows, const WorkQuery& query,
                                                  absl::Time at) {
  const std::string prefix = absl::StrCat(query.agency, Mark(query.side));
  std::vector<WorkItem> items;
  for (const Row& row : rows) {
    if (!absl::StartsWith(row.key, prefix) || row.key.size() != prefix.size() + kPlaceBytes) {
      continue;
    }
    DOLEN_ASSIGN_OR_RETURN(absl::optional<WorkItem> item, WorkItemOf(row.key, row.value, at));
    if (item && Fits(*item, query) && item->place > query.after) {
      items.push_back(*std::move(item));
    }
  }
  return items;
}

}  // namespace dolen
