#include "projections/responsibility/responsibility.h"

#include <algorithm>
#include <set>
#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "dolen/store/v1/holding.pb.h"
#include "engine/base/digest.h"
#include "engine/base/status.h"
#include "engine/base/time.h"
#include "engine/child/holding.h"

namespace dolen {
namespace {

using store::v1::HoldingRow;
using store::v1::HoldSpan;
using store::v1::OfferRow;

constexpr absl::string_view kOffer("\0o", 2), kHolding("\0h", 2);

std::string TimeKey(absl::Time time) {
  return keys::BigEndian(static_cast<uint64_t>(Micros(time)), 8);
}

Dated DatedOf(int64_t micros, bool is_day) { return {FromMicros(micros), is_day}; }

std::string DatedText(const Dated& dated) {
  return dated.is_day ? DayText(absl::ToCivilDay(dated.at, absl::UTCTimeZone()))
                      : Rfc3339(dated.at);
}

Dated DatedOf(const store::v1::Dated& dated) { return DatedOf(dated.at(), dated.is_day()); }

void Put(const Dated& dated, store::v1::Dated& row) {
  row.set_at(Micros(dated.at));
  row.set_is_day(dated.is_day);
}

// Surely over by `t`, wherever days begin.
bool IsOver(const Dated& dated, absl::Time t) {
  return dated.at + absl::Hours(dated.is_day ? 24 : 0) <= t;
}

// The deadlines of the matter that whoever is asked must see to.
void PutDue(const Picture& picture, int matter, absl::Time recorded, const Books& books,
            OfferRow& row) {
  ForEachClock(picture, [&](const Duty& duty, const Clock& clock) {
    if (clock.matter != matter || clock.closed_by == ClosedBy::kVoided ||
        clock.close.from <= recorded || clock.due == absl::InfiniteFuture()) {
      return;
    }
    const RuleVersion& version = books.families()[duty.family].versions[clock.version];
    if (AgencyAt(version.rule.accountable(), picture, duty, clock, books) != row.to()) return;
    store::v1::AnswerDue& due = *row.add_due();
    due.set_from(Micros(clock.start.from));
    if (!clock.close.IsNever()) due.set_to(Micros(clock.close.from));
    due.set_due(Micros(clock.due));
  });
}

void AddOffer(const ChildKey& child, const Matter& matter, const Ask& offer, const OfferRow& row,
              Rows& rows) {
  const std::string place = absl::StrCat(TimeKey(offer.at.at), child.bytes(),
                                         keys::BigEndian(MatterId(matter.agency, matter.id), 8));
  for (const std::string& agency : std::set<std::string>{offer.asker, offer.asked}) {
    if (agency.empty()) continue;  // nobody was named to whom it is offered
    rows.push_back({absl::StrCat(agency, kOffer, place), row.SerializeAsString()});
  }
}

void AddOffers(const ChildKey& child, const Picture& picture, absl::Time recorded,
               const Books& books, Rows& rows) {
  for (size_t i = 0; i < picture.matters.size(); ++i) {
    const Matter& matter = picture.matters[i];
    for (size_t ask = 0; ask < matter.asks.size(); ++ask) {
      const Ask& offer = matter.asks[ask];
      const Dated until = offer.is_handover ? matter.WaitsUntil(ask) : offer.at;
      if (until.at <= offer.at.at || IsOver(until, recorded)) continue;
      OfferRow row;
      row.set_matter_agency(matter.agency);
      row.set_matter_id(matter.id);
      row.set_part(offer.part);
      row.set_from(offer.asker);
      row.set_to(offer.asked);
      row.set_since(Micros(offer.at.at));
      row.set_is_day(offer.at.is_day);
      if (!until.IsNever()) Put(until, *row.mutable_until());
      PutDue(picture, static_cast<int>(i), recorded, books, row);
      AddOffer(child, matter, offer, row, rows);
    }
  }
}

// When whoever holds it had offered it to another, and was not rid of it.
void PutOffered(const Hold& hold, const Picture& picture, absl::Time recorded, HoldSpan& span) {
  for (const Matter& matter : picture.matters) {
    for (size_t ask = 0; ask < matter.asks.size(); ++ask) {
      const Ask& offer = matter.asks[ask];
      if (!offer.is_handover || offer.asker != hold.agency) continue;
      if (!offer.part.empty() && offer.part != hold.part) continue;
      const Dated until = matter.UnfinishedUntil(ask);
      if (IsOver(until, recorded)) continue;
      store::v1::Offered& offered = *span.add_offered();
      Put(offer.at, *offered.mutable_from());
      if (!until.IsNever()) Put(until, *offered.mutable_to());
    }
  }
}

void Put(const Hold& hold, const Picture& picture, absl::Time recorded, HoldSpan& span) {
  span.set_part(hold.part);
  span.set_agency(hold.agency);
  span.set_why(hold.why);
  span.set_from(Micros(hold.from.at));
  span.set_from_is_day(hold.from.is_day);
  if (hold.to.at != absl::InfiniteFuture()) {
    span.set_to(Micros(hold.to.at));
    span.set_to_is_day(hold.to.is_day);
  }
  PutOffered(hold, picture, recorded, span);
  if (hold.matter < 0) return;
  span.set_matter_agency(picture.matters[hold.matter].agency);
  span.set_matter_id(picture.matters[hold.matter].id);
}

// Somebody holds it, or all, and no end of that is known.
bool IsHeldOn(const std::vector<Hold>& holds, const std::string& part, absl::Time recorded) {
  return std::any_of(holds.begin(), holds.end(), [&](const Hold& hold) {
    return (hold.part == part || hold.part.empty()) && hold.to.IsNever() &&
           IsOver(hold.from, recorded);
  });
}

// The last holds of a part that ended: one in whose place somebody must come, and what came after
// it for a while.
void AddLastOf(const std::vector<Hold>& holds, const std::string& part, absl::Time recorded,
               std::set<const Hold*>& wanted) {
  const Hold *last = nullptr, *of_any = nullptr;
  for (const Hold& hold : holds) {
    if (hold.part != part || !IsOver(hold.to, recorded) || hold.to.at <= hold.from.at) continue;
    if (of_any == nullptr || hold.to.at > of_any->to.at) of_any = &hold;
    if (hold.why == Hold::kCover) continue;
    if (last == nullptr || hold.to.at > last->to.at) last = &hold;
  }
  if (last != nullptr) wanted.insert({last, of_any});
}

void AddHoldings(const ChildKey& child, const Picture& picture, absl::Time recorded, Rows& rows) {
  const std::vector<Hold>& holds = picture.holds;
  std::set<const Hold*> wanted;
  std::set<std::string> parts, agencies;
  for (const Hold& hold : holds) {
    parts.insert(hold.part);
    if (!IsOver(hold.to, recorded)) wanted.insert(&hold);
  }
  for (const std::string& part : parts) {
    if (!IsHeldOn(holds, part, recorded)) AddLastOf(holds, part, recorded, wanted);
  }
  HoldingRow row;
  for (const Hold& hold : holds) {
    if (wanted.find(&hold) == wanted.end()) continue;
    agencies.insert(hold.agency);
    Put(hold, picture, recorded, *row.add_hold());
  }
  for (const std::string& agency : agencies) {
    rows.push_back({absl::StrCat(agency, kHolding, child.bytes()), row.SerializeAsString()});
  }
}

std::vector<Hold> HoldsOf(const HoldingRow& row) {
  std::vector<Hold> holds;
  for (const HoldSpan& span : row.hold()) {
    Hold& hold = holds.emplace_back();
    hold.part = span.part();
    hold.agency = span.agency();
    hold.why = static_cast<Hold::Why>(span.why());
    hold.from = DatedOf(span.from(), span.from_is_day());
    if (span.has_to()) hold.to = DatedOf(span.to(), span.to_is_day());
  }
  return holds;
}

absl::string_view ByText(Hold::Why why) {
  switch (why) {
    case Hold::kPassed:
      return "handover";
    case Hold::kEpisode:
      return "episode";
    case Hold::kCover:
      return "cover";
  }
  return "";
}

absl::Status AddOffer(absl::string_view place, absl::string_view value, absl::Time at,
                      const Zone& zone, Responsibility& all) {
  OfferRow row;
  HandoverLine line;
  if (place.size() != 8 + ChildKey::kBytes + 8 ||
      !ChildKey::FromBytes(place.substr(8, ChildKey::kBytes), line.child) ||
      !row.ParseFromArray(value.data(), static_cast<int>(value.size()))) {
    return absl::DataLossError("responsibility view: an offer cannot be parsed");
  }
  const Dated since = DatedOf(row.since(), row.is_day());
  if (since.In(zone) > at) return absl::OkStatus();
  if (row.has_until() && DatedOf(row.until()).In(zone) <= at) return absl::OkStatus();
  line.place = absl::StrCat(place, "o");
  line.matter = MatterName(row.matter_agency(), row.matter_id());
  line.part = row.part();
  line.from = row.from();
  line.to = row.to();
  line.since = DatedText(since);
  for (const store::v1::AnswerDue& due : row.due()) {
    if (FromMicros(due.from()) > at || (due.has_to() && FromMicros(due.to()) <= at)) continue;
    line.due = std::min(line.due, FromMicros(due.due()));
  }
  all.handovers.push_back(std::move(line));
  return absl::OkStatus();
}

// Whether the holder of the span had offered it to another who has not taken it over.
bool IsOffered(const HoldSpan& span, absl::Time at, const Zone& zone) {
  return std::any_of(span.offered().begin(), span.offered().end(),
                     [&](const store::v1::Offered& offered) {
                       return DatedOf(offered.from()).In(zone) <= at &&
                              (!offered.has_to() || DatedOf(offered.to()).In(zone) > at);
                     });
}

// What the holds of one child say of one part to an agency.
class PartReading {
 public:
  // `row` is of these holds, in the same order.
  PartReading(const ChildKey& child, const HoldingRow& row, const std::vector<Hold>& holds,
              const std::string& part, absl::Time at, const Zone& zone)
      : child_(child), row_(row), holds_(holds), part_(part), at_(at), zone_(zone) {}

  void Add(absl::string_view agency, Responsibility& all) const {
    const std::vector<absl::string_view> who = HoldersAt(holds_, part_, at_, zone_);
    const bool holds = std::find(who.begin(), who.end(), agency) != who.end();
    if (holds) AddHolding(agency, all);
    if (holds && who.size() > 1) AddOverlap(agency, who, all);
    AddGap(agency, all);
  }

 private:
  std::string Place(const Dated& since, absl::string_view kind) const {
    return absl::StrCat(TimeKey(since.In(zone_)), child_.bytes(), kind, part_);
  }
  const Hold* SpanOf(absl::string_view agency) const {
    return HoldInForce(holds_, part_, agency, at_, zone_);
  }

  void AddHolding(absl::string_view agency, Responsibility& all) const {
    const Hold* const span = SpanOf(agency);
    if (span == nullptr) return;  // of a part that is held with the whole
    all.holdings.push_back({Place(span->from, "h"), child_, part_, DatedText(span->from),
                            std::string(ByText(span->why))});
  }

  void AddOverlap(absl::string_view agency, const std::vector<absl::string_view>& who,
                  Responsibility& all) const {
    for (const absl::string_view other : who) {
      const Hold* const mine = SpanOf(agency);
      const Hold* const theirs = SpanOf(other);
      if (other == agency || mine == nullptr || theirs == nullptr) continue;
      const Dated& since =
          mine->from.In(zone_) < theirs->from.In(zone_) ? theirs->from : mine->from;
      HandoverLine line;
      line.place = absl::StrCat(Place(since, "w"), other);
      line.kind = HandoverLine::kOverlap;
      line.child = child_;
      line.part = part_;
      line.from = std::string(agency);
      line.to = std::string(other);
      line.since = DatedText(since);
      all.handovers.push_back(std::move(line));
    }
  }

  void AddGap(absl::string_view agency, Responsibility& all) const {
    const absl::optional<Gap> gap = GapAt(holds_, part_, at_, zone_);
    if (!gap || gap->last->agency != agency) return;
    // What was handed over must be with somebody, and so must what its last holder wanted to hand
    // over and could not. Any other episode that is closed has ended.
    const int index = static_cast<int>(gap->last - holds_.data());
    if (gap->last->why != Hold::kPassed && !IsOffered(row_.hold(index), at_, zone_)) return;
    HandoverLine line;
    line.place = Place(gap->since, "g");
    line.kind = HandoverLine::kGap;
    line.child = child_;
    line.part = part_;
    line.from = std::string(agency);
    line.since = DatedText(gap->since);
    all.handovers.push_back(std::move(line));
  }

  const ChildKey& child_;
  const HoldingRow& row_;
  const std::vector<Hold>& holds_;
  const std::string& part_;
  const absl::Time at_;
  const Zone& zone_;
};

absl::Status AddHoldingRow(absl::string_view child_bytes, absl::string_view value,
                           absl::string_view agency, absl::Time at, const Zone& zone,
                           Responsibility& all) {
  HoldingRow row;
  ChildKey child;
  if (!ChildKey::FromBytes(child_bytes, child) ||
      !row.ParseFromArray(value.data(), static_cast<int>(value.size()))) {
    return absl::DataLossError("responsibility view: a holding cannot be parsed");
  }
  const std::vector<Hold> holds = HoldsOf(row);
  std::set<std::string> parts;
  for (const Hold& hold : holds) parts.insert(hold.part);
  for (const std::string& part : parts) {
    PartReading(child, row, holds, part, at, zone).Add(agency, all);
  }
  return absl::OkStatus();
}

}  // namespace

Rows ResponsibilityRowsOf(const ChildKey& child, const Picture& picture, absl::Time recorded,
                          const Books& books) {
  Rows rows;
  AddOffers(child, picture, recorded, books, rows);
  AddHoldings(child, picture, recorded, rows);
  return rows;
}

void ResponsibilityView::AddRows(const ChildKey& child, const ChildState& state, const Books& books,
                                 Rows& rows) const {
  if (state.has_seals || state.history.entries().empty()) return;
  Rows its = ResponsibilityRowsOf(child, state.picture, state.recorded, books);
  std::move(its.begin(), its.end(), std::back_inserter(rows));
}

absl::Status AddResponsibility(absl::string_view key, absl::string_view value,
                               absl::string_view agency, absl::Time at, const Zone& zone,
                               Responsibility& all) {
  const std::string offer = absl::StrCat(agency, kOffer), holding = absl::StrCat(agency, kHolding);
  if (absl::StartsWith(key, offer)) {
    return AddOffer(key.substr(offer.size()), value, at, zone, all);
  }
  if (absl::StartsWith(key, holding)) {
    return AddHoldingRow(key.substr(holding.size()), value, agency, at, zone, all);
  }
  return absl::OkStatus();
}

absl::Status ReadResponsibility(const StoreReader& store, absl::string_view agency, absl::Time at,
                                const Zone& zone, Responsibility& all) {
  const std::string view = ViewKey(ResponsibilityView());
  const std::string prefix =
      ViewKey(ResponsibilityView(), absl::StrCat(agency, absl::string_view("\0", 1)));
  absl::Status status;
  DOLEN_RETURN_IF_ERROR(store.Scan(prefix, [&](absl::string_view key, absl::string_view value) {
    status = AddResponsibility(key.substr(view.size()), value, agency, at, zone, all);
    return status.ok();
  }));
  return status;
}

}  // namespace dolen
