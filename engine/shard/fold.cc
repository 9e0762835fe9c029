#include "engine/shard/fold.h"

#include <algorithm>
#include <utility>

#include "absl/strings/str_cat.h"
#include "engine/base/check.h"
#include "engine/base/limits.h"
#include "engine/base/status.h"
#include "engine/base/time.h"
#include "engine/child/seal.h"
#include "engine/pathway/zone_proto.h"
#include "engine/store/event_row.h"
#include "engine/store/keys.h"
#include "google/protobuf/io/coded_stream.h"
#include "google/protobuf/wire_format_lite.h"

namespace dolen {

using ledger::v1::AgencyEvent;
using ledger::v1::Record;

namespace {

// A day stands at its 00:00 UTC in the order, and begins at another instant in its zone.
constexpr absl::Duration kDayAnywhere = absl::Hours(26);

// The event of a ledger record as it was written, and the record's own time. Empty where the record
// is something else, or is not written the way admission does it.
absl::string_view EventIn(absl::string_view record, int64_t& written) {
  using google::protobuf::internal::WireFormatLite;
  constexpr uint32_t kWritten = Record::kWrittenFieldNumber << 3 | WireFormatLite::WIRETYPE_VARINT;
  constexpr uint32_t kEvent =
      Record::kEventFieldNumber << 3 | WireFormatLite::WIRETYPE_LENGTH_DELIMITED;
  google::protobuf::io::CodedInputStream in(reinterpret_cast<const uint8_t*>(record.data()),
                                            static_cast<int>(record.size()));
  uint64_t time = 0;
  uint32_t size = 0;
  if (in.ReadTag() != kWritten || !in.ReadVarint64(&time) || in.ReadTag() != kEvent ||
      !in.ReadVarint32(&size) ||
      in.CurrentPosition() + static_cast<int64_t>(size) != static_cast<int64_t>(record.size())) {
    return {};
  }
  written = static_cast<int64_t>(time);
  return record.substr(static_cast<size_t>(in.CurrentPosition()));
}

}  // namespace

Fold::Fold(Store* store, FoldOptions options)
    : store_(store),
      options_(std::move(options)),
      children_(store, &books_, options_.views, options_.row_bytes_at_hand, &batch_) {}

absl::Time Fold::reached() const { return FromMicros(row_.reached()); }

// The first record of a partition may switch to stated times; until then the smaller of log and
// writer counts, so that one clock that runs ahead fires nothing early.
void Fold::ReachTime(int64_t written_micros, const Entry& entry) {
  const absl::Time written = FromMicros(written_micros);
  const absl::Time now = stated_time() ? written : std::min(entry.appended, written);
  row_.set_reached(std::max(row_.reached(), Micros(now)));
}

absl::Status Fold::Apply(const Entry& entry) {
  DOLEN_CHECK(!dead_);
  dead_ = true;  // until this record is folded whole
  if (entry.offset != next_offset()) {
    return absl::DataLossError(absl::StrCat("ledger partition ", options_.shard,
                                            ": expected offset ", next_offset(), ", found ",
                                            entry.offset));
  }
  // Nearly all records are events; parsing those into a message that is kept saves its allocations.
  int64_t written = 0;
  const absl::string_view event = EventIn(entry.value, written);
  const bool is_event = !event.empty();
  if (is_event
          ? !agency_event_.ParseFromArray(event.data(), static_cast<int>(event.size()))
          : !record_.ParseFromArray(entry.value.data(), static_cast<int>(entry.value.size()))) {
    return absl::DataLossError(absl::StrCat("ledger partition ", options_.shard, " offset ",
                                            entry.offset, ": not a ledger record"));
  }
  // Pictures of the open batch name rules by their place among the families, which a new book may
  // change; and what is read back as a whole must be in the store.
  const bool is_revision =
      !is_event && (record_.fact().has_fold_revision() || record_.fact().has_published());
  if (!is_event && (record_.has_book() || record_.fact().has_fold_revision() ||
                    record_.fact().has_revision_released())) {
    DOLEN_RETURN_IF_ERROR(Write());
  }
  if (!is_event && record_.fact().has_time_counts()) {
    row_.set_time_counts(record_.fact().time_counts());
  }
  if (!is_revision) ReachTime(is_event ? written : record_.written(), entry);
  digest_.Add(entry.value);
  digest_.AddInt(row_.reached());
  row_.mutable_counts()->set_records(row_.counts().records() + 1);
  open_ = true;
  trail_lines_ = 0;
  DOLEN_RETURN_IF_ERROR(is_event ? ApplyEvent(agency_event_, event, entry.offset)
                                 : ApplyRecord(record_, entry.offset));
  row_.set_next_offset(entry.offset + 1);
  dead_ = false;
  return absl::OkStatus();
}

absl::Status Fold::ApplyRecord(const Record& record, int64_t position) {
  store::v1::Counts& counts = *row_.mutable_counts();
  switch (record.body_case()) {
    case Record::kEvent:
      return ApplyEvent(record.event(), record.event().SerializeAsString(), position);
    case Record::kTick:
      return ApplyTick(record);
    case Record::kBook:
      return ApplyBook(record.book());
    case Record::kFact:
      return ApplyFact(record.fact());
    case Record::kAction:
      return ApplyAction(record.action(), position);
    case Record::kReceipt:
      return ApplyReceipt(record.receipt(), position);
    case Record::kHeard:
      return ApplyHeard(record.heard(), position);
    case Record::kLink:
      counts.set_facts(counts.facts() + 1);
      return absl::OkStatus();
    case Record::BODY_NOT_SET:
      break;
  }
  if (record.GetReflection()->GetUnknownFields(record).empty()) {
    return absl::DataLossError(absl::StrCat("ledger partition ", options_.shard, " offset ",
                                            position, ": a record that says nothing"));
  }
  return absl::FailedPreconditionError(
      absl::StrCat("ledger partition ", options_.shard, " offset ", position,
                   ": a kind of record that this release does not know; install the newer one"));
}

absl::Status Fold::ApplyEvent(const AgencyEvent& event, absl::string_view bytes, int64_t position) {
  ChildKey key;
  if (!ChildKey::FromBytes(event.child(), key) || !event_.open.ParseFromString(event.open())) {
    return absl::DataLossError(absl::StrCat("ledger partition ", options_.shard, " offset ",
                                            position, ": an event without child key or open part"));
  }
  event_.recorded = reached();
  event_.position = position;
  event_.backfill = event.backfill();
  store::v1::Counts& counts = *row_.mutable_counts();
  DOLEN_ASSIGN_OR_RETURN(Children::Child * child, children_.Find(key));
  const uint32_t id_hash = History::IdHash(event_.open.agency(), event_.open.event_id());
  for (const int64_t stands : child->state.history.PositionsOf(id_hash)) {
    DOLEN_ASSIGN_OR_RETURN(const Known known, Compare(event, event_.open, stands));
    if (known == Known::kNot) continue;
    if (known == Known::kSame) {
      counts.set_duplicates(counts.duplicates() + 1);
      return absl::OkStatus();
    }
    counts.set_conflicts(counts.conflicts() + 1);
    KeepAside(*child, event, "conflict", position, stands);
    return absl::OkStatus();
  }
  if (child->state.history.entries().size() >= kMaxEventsPerChild) {
    counts.set_conflicts(counts.conflicts() + 1);
    KeepAside(*child, event, "too_many_events", position, 0);
    return absl::OkStatus();
  }
  counts.set_events(counts.events() + 1);
  if (const auto backfill = backfill_rows_.find(event.backfill());
      backfill != backfill_rows_.end()) {
    backfill->second.set_events(backfill->second.events() + 1);
    counted_backfills_.insert(backfill->first);
  }
  children_.Change(*child);
  event_row_.set_recorded(row_.reached());
  event_row_.set_event(bytes.data(), bytes.size());
  batch_.Put(keys::Event(position), fresh_events_.Add(position, event_row_));
  child->state.recorded = reached();
  child->state.has_seals |= Seals::MayBe(event_);
  const Placed placed = child->state.history.Insert(event_);
  const bool advanced = placed == Placed::kAtEnd &&
                        child->state.picture.books == books_.publications() &&
                        Advance(event_, books_, child->state.picture);
  if (!advanced) DOLEN_RETURN_IF_ERROR(DrawAgain(*child));
  DOLEN_RETURN_IF_ERROR(Say(*child, MayRaise::kNo,
                            advanced ? event_.Occurred() - kDayAnywhere : absl::InfinitePast(),
                            reached()));
  const size_t events = child->state.history.entries().size();
  const bool may_forget = !advanced || events % options_.forgetting.events == 0;
  if (may_forget) Forget(*child);
  return absl::OkStatus();
}

absl::StatusOr<Fold::Known> Fold::Compare(const AgencyEvent& event, const event::v1::Open& open,
                                          int64_t position) {
  DOLEN_ASSIGN_OR_RETURN(const std::string bytes, EventRowAt(position));
  store::v1::EventRow row;
  AgencyEvent standing;
  event::v1::Open standing_open;
  if (!row.ParseFromString(bytes) || !standing.ParseFromString(row.event()) ||
      !standing_open.ParseFromString(standing.open())) {
    return absl::DataLossError(absl::StrCat("event row ", position, ": cannot be parsed"));
  }
  if (standing_open.agency() != open.agency() || standing_open.event_id() != open.event_id()) {
    return Known::kNot;  // two ids with one hash
  }
  const bool same =
      standing.digest_key() == event.digest_key() && standing.digest() == event.digest();
  return same ? Known::kSame : Known::kOther;
}

void Fold::KeepAside(Children::Child& child, const AgencyEvent& event, absl::string_view reason,
                     int64_t position, int64_t stands) {
  children_.Change(child);
  ++child.state.aside;
  store::v1::AsideRow row;
  row.set_reason(std::string(reason));
  row.set_event(event.SerializeAsString());
  row.set_recorded(row_.reached());
  row.set_stands(stands);
  batch_.Put(keys::Aside(child.key, position), row.SerializeAsString());
}

absl::Status Fold::ApplyTick(const Record& record) {
  row_.mutable_counts()->set_ticks(row_.counts().ticks() + 1);
  last_tick_written_ = record.written();
  const std::vector<ChildKey> due = due_.DueAt(reached(), record.tick().drains());
  last_drained_ = static_cast<int>(due.size());
  for (const ChildKey& key : due) {
    DOLEN_ASSIGN_OR_RETURN(Children::Child * child, children_.Find(key));
    children_.Change(*child);
    due_since_ = due_.WaitsSince(key);
    DOLEN_RETURN_IF_ERROR(LookAgain(*child, MayRaise::kYes, reached()));
  }
  due_since_ = absl::InfiniteFuture();
  return absl::OkStatus();
}

absl::Status Fold::ApplyBook(const ledger::v1::Book& book) {
  row_.mutable_counts()->set_books(row_.counts().books() + 1);
  pathway::v1::Book parsed;
  absl::StatusOr<Zone> zone = ZoneFromProto(book.zone());
  // The publisher has checked the book; one that cannot be used all the same is counted and changes
  // nothing.
  if (!zone.ok() || !parsed.ParseFromString(book.book())) return absl::OkStatus();
  if (!books_.Add(parsed, *std::move(zone), reached()).ok()) return absl::OkStatus();
  store::v1::BookRow row;
  row.set_book(book.SerializeAsString());
  row.set_recorded(row_.reached());
  batch_.Put(keys::Book(static_cast<int>(book_times_.size())), row.SerializeAsString());
  book_times_.push_back(reached());
  children_.Forget();
  open_ = true;
  // Everybody becomes due at once and is drawn again by ticks, in slices.
  return store_->Scan("c", [this](absl::string_view key, absl::string_view) {
    ChildKey child;
    DOLEN_CHECK(ChildKey::FromBytes(key.substr(1), child));
    due_.Set(child, std::min(due_.Of(child), reached()), reached());
    return true;
  });
}

absl::Status Fold::ApplyFact(const ledger::v1::Fact& fact) {
  using ledger::v1::Fact;
  row_.mutable_counts()->set_facts(row_.counts().facts() + 1);
  switch (fact.fact_case()) {
    case Fact::kTimeCounts:
      if (fact.time_counts() == ledger::v1::TIME_COUNTS_LOG || stated_time()) {
        return absl::OkStatus();
      }
      break;
    case Fact::kFoldRevision:
      return ApplyRevision(fact.fold_revision(), fact.continued());
    case Fact::kPublished:
      ApplyPublishedPage(fact.published());
      return absl::OkStatus();
    case Fact::kRevisionReleased:
      return ApplyRelease(fact.revision_released());
    case Fact::kBackfillBegun:
      ApplyBackfill(fact.backfill_begun(), /*begins=*/true, fact.by());
      return absl::OkStatus();
    case Fact::kBackfillEnded:
      ApplyBackfill(fact.backfill_ended(), /*begins=*/false, fact.by());
      return absl::OkStatus();
    case Fact::FACT_NOT_SET:
      break;
  }
  return absl::FailedPreconditionError(
      absl::StrCat("ledger partition ", options_.shard, " offset ", row_.next_offset(),
                   ": a fact that this release does not know; install the newer one"));
}

// A backfill of a name that was there already goes on: its first beginning and its last end count.
void Fold::ApplyBackfill(const std::string& name, bool begins, const std::string& by) {
  const bool is_known = backfills_.count(name) > 0;
  if (name.empty() || (!is_known && !begins)) return;
  Backfill& backfill = backfills_[name];
  store::v1::BackfillRow& row = backfill_rows_[name];
  if (!is_known) {
    backfill.begun = reached();
    row.set_begun(row_.reached());
    row.set_by(by);
  }
  if (begins) {
    backfill.ended = absl::InfiniteFuture();
    row.clear_ended();
    row.clear_ended_by();
  } else {
    backfill.ended = reached();
    row.set_ended(row_.reached());
    row.set_ended_by(by);
  }
  batch_.Put(keys::Backfill(name), row.SerializeAsString());
}

absl::StatusOr<std::string> Fold::EventRowAt(int64_t position) {
  if (const absl::optional<absl::string_view> fresh = fresh_events_.Find(position)) {
    return std::string(*fresh);
  }
  DOLEN_ASSIGN_OR_RETURN(absl::optional<std::string> row, store_->Get(keys::Event(position)));
  if (!row) return absl::DataLossError(absl::StrCat("event row ", position, " is missing"));
  return *std::move(row);
}

absl::StatusOr<std::vector<Event>> Fold::ReadEvents(const Children::Child& child) {
  if (agencies_.Has(child.key)) return agencies_.EventsOf(child.key, books_);
  const History& history = child.state.history;
  std::vector<Event> events(history.entries().size());
  std::vector<std::string> stored_keys;
  std::vector<size_t> stored;
  std::vector<std::string> rows(events.size());
  for (size_t i = 0; i < events.size(); ++i) {
    const int64_t position = history.entries()[i].position;
    if (const absl::optional<absl::string_view> fresh = fresh_events_.Find(position)) {
      rows[i] = std::string(*fresh);
    } else {
      stored.push_back(i);
      stored_keys.push_back(keys::Event(position));
    }
  }
  DOLEN_ASSIGN_OR_RETURN(std::vector<std::string> values, store_->GetAll(stored_keys));
  for (size_t i = 0; i < stored.size(); ++i) rows[stored[i]] = std::move(values[i]);
  EventRows decoder;
  for (size_t i = 0; i < events.size(); ++i) {
    DOLEN_RETURN_IF_ERROR(decoder.Decode(history.entries()[i].position, rows[i], events[i]));
  }
  return InOrder(std::move(events));
}

absl::Status Fold::Commit() {
  if (dead_) return absl::FailedPreconditionError("the fold stopped at an earlier error");
  dead_ = true;
  DOLEN_RETURN_IF_ERROR(Write());
  dead_ = false;
  return absl::OkStatus();
}

absl::Status Fold::Write() {
  if (!open_) return absl::OkStatus();
  children_.Put();
  for (const std::string& name : counted_backfills_) {
    batch_.Put(keys::Backfill(name), backfill_rows_[name].SerializeAsString());
  }
  counted_backfills_.clear();
  DOLEN_RETURN_IF_ERROR(CheckConservation());
  row_.set_digest(std::string(digest_.bytes()));
  batch_.Put(keys::Shard(), row_.SerializeAsString());
  DOLEN_RETURN_IF_ERROR(store_->Commit(batch_));
  committed_.position = next_offset();
  for (RowChange& change : children_.TakeRowChanges()) {
    committed_.changes.push_back(std::move(change));
  }
  children_.Settle();
  fresh_events_.Clear();
  taken_up_.clear();
  std::move(said_.begin(), said_.end(), std::back_inserter(outgoing_));
  said_.clear();
  open_ = told_deadline_ = false;
  return absl::OkStatus();
}

absl::Status Fold::CheckConservation() const {
  const store::v1::Counts& c = row_.counts();
  if (c.records() == c.events() + c.duplicates() + c.conflicts() + c.ticks() + c.books() +
                         c.actions() + c.facts()) {
    return absl::OkStatus();
  }
  return absl::DataLossError(
      absl::StrCat("shard ", options_.shard, ": of ", c.records(), " records read, ", c.events(),
                   " events, ", c.duplicates(), " duplicates, ", c.conflicts(), " conflicts, ",
                   c.ticks(), " ticks, ", c.books(), " books, ", c.actions(), " actions and ",
                   c.facts(), " other facts are accounted for"));
}

void Fold::TellingReached(uint64_t number, int64_t read_to) {
  for (; outbox_from_ <= number && outbox_from_ <= row_.alerts(); ++outbox_from_) {
    batch_.Delete(keys::Outbox(outbox_from_));
  }
  said_.erase(said_.begin(), std::find_if(said_.begin(), said_.end(), [&](const Outgoing& one) {
                return one.number > number;
              }));
  telling_.set_number(std::max(telling_.number(), number));
  telling_.set_read_to(std::max(telling_.read_to(), read_to));
  batch_.Put(keys::Telling(), telling_.SerializeAsString());
  open_ = true;
}

std::vector<Outgoing> Fold::TakeOutgoing() { return std::exchange(outgoing_, {}); }

absl::StatusOr<const ChildState*> Fold::Find(const ChildKey& key) {
  DOLEN_ASSIGN_OR_RETURN(Children::Child * child, children_.Find(key));
  return &child->state;
}

absl::StatusOr<Alerts> Fold::AlertsOf(const ChildKey& key) {
  DOLEN_ASSIGN_OR_RETURN(Children::Child * child, children_.Find(key));
  return children_.AllAlerts(*child);
}

absl::StatusOr<Figures> Fold::FiguresOf(const ChildKey& key) {
  DOLEN_ASSIGN_OR_RETURN(Children::Child * child, children_.Find(key));
  return children_.AllFigures(*child);
}

absl::StatusOr<std::vector<Event>> Fold::EventsOf(const ChildKey& key) {
  DOLEN_ASSIGN_OR_RETURN(Children::Child * child, children_.Find(key));
  return ReadEvents(*child);
}

}  // namespace dolen
