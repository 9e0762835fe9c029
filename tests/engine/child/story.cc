#include "tests/engine/child/story.h"

#include <gtest/gtest.h>
#include <stdlib.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <numeric>
#include <sstream>

#include "absl/strings/str_cat.h"
#include "deploy/zone_table.h"
#include "engine/base/check.h"
#include "engine/base/time.h"
#include "engine/pathway/book.h"
#include "engine/pathway/pattern.h"
#include "engine/pathway/zone_proto.h"
#include "google/protobuf/text_format.h"

namespace dolen::story {
namespace {

pathway::v1::Book Parse(const std::string& text) {
  pathway::v1::Book book;
  DOLEN_CHECK(google::protobuf::TextFormat::ParseFromString(text, &book));
  return book;
}

pathway::v1::Book Shipped(const std::string& path) {
  std::ifstream file(path);  // tests run in the repository's root
  std::stringstream text;
  text << file.rdbuf();
  return Parse(text.str());
}

Zone LondonZone() {
  absl::StatusOr<Zone> zone = ZoneFromProto(LondonTable());
  DOLEN_CHECK(zone.ok());
  return *std::move(zone);
}

}  // namespace

absl::TimeZone London() {
  absl::TimeZone zone;
  DOLEN_CHECK(absl::LoadTimeZone("Europe/London", &zone));
  return zone;
}

const ledger::v1::Zone& LondonTable() {
  static const auto* const table = new ledger::v1::Zone(MakeZoneTable(London(), 2000, 2040));
  return *table;
}

absl::Time At(absl::string_view text) {
  absl::Time time;
  DOLEN_CHECK(absl::ParseTime("%Y-%m-%d %H:%M:%E*S", text, London(), &time, nullptr) ||
              absl::ParseTime("%Y-%m-%d %H:%M", text, London(), &time, nullptr) ||
              absl::ParseTime("%Y-%m-%d", text, London(), &time, nullptr));
  return time;
}

std::string Text(absl::Time time) {
  if (time == absl::InfiniteFuture()) return "never";
  const bool whole = absl::ToUnixMicros(time) % 60000000 == 0;
  return absl::FormatTime(whole ? "%Y-%m-%d %H:%M" : "%Y-%m-%d %H:%M:%E*S", time, London());
}

namespace {

event::v1::When WhenOf(absl::string_view text) {
  event::v1::When when;
  if (text.size() == 10) {
    when.set_day(std::string(text));
  } else {
    *when.mutable_instant() = ToTimestamp(At(text));
  }
  return when;
}

}  // namespace

Said::Said(absl::string_view what, absl::string_view occurred) {
  open.set_agency("a");
  open.set_event_id(absl::StrCat(what, "@", occurred));
  *open.mutable_occurred() = WhenOf(occurred);
  open.set_kind(KindOf(what));
  if (open.kind() == event::v1::KIND_UNSPECIFIED) {
    open.set_kind(event::v1::KIND_MILESTONE_REACHED);
    open.set_milestone(std::string(what));
  }
}

Said Said::By(absl::string_view agency) && {
  open.set_agency(std::string(agency));
  return std::move(*this);
}
Said Said::To(absl::string_view agency) && {
  open.set_to_agency(std::string(agency));
  return std::move(*this);
}
Said Said::In(absl::string_view matter) && {
  open.mutable_matter()->set_agency("a");
  open.mutable_matter()->set_id(std::string(matter));
  return std::move(*this);
}
Said Said::Reason(absl::string_view code) && {
  open.set_reason(std::string(code));
  return std::move(*this);
}
Said Said::Id(absl::string_view id) && {
  open.set_event_id(std::string(id));
  return std::move(*this);
}
Said Said::With(absl::string_view name) && {
  backfill = std::string(name);
  return std::move(*this);
}
Said Said::Role(absl::string_view role) && {
  open.set_role(std::string(role));
  return std::move(*this);
}
Said Said::Until(absl::string_view at) && {
  *open.mutable_until() = WhenOf(at);
  return std::move(*this);
}
Said Said::Owner(absl::string_view owner) && {
  open.set_owner(std::string(owner));
  return std::move(*this);
}
Said Said::Excusing(absl::string_view rule) && {
  open.set_rule(std::string(rule));
  return std::move(*this);
}
Said Said::Continues(absl::string_view matter) && {
  open.mutable_continues()->set_agency("a");
  open.mutable_continues()->set_id(std::string(matter));
  return std::move(*this);
}
Said Said::Occasion(absl::string_view id) && {
  open.set_occasion(std::string(id));
  return std::move(*this);
}
Said Said::Code(absl::string_view name, absl::string_view code) && {
  event::v1::Field& field = *open.add_fields();
  field.set_name(std::string(name));
  field.set_code(std::string(code));
  return std::move(*this);
}
Said Said::Stated(absl::string_view name, absl::string_view at) && {
  event::v1::Field& field = *open.add_fields();
  field.set_name(std::string(name));
  *field.mutable_when() = WhenOf(at);
  return std::move(*this);
}
Said Said::Replacing(absl::string_view id) && {
  event::v1::Correction& corrects = *open.mutable_corrects();
  corrects.set_agency(open.agency());
  corrects.set_event_id(std::string(id));
  corrects.set_kind(open.kind());
  corrects.set_milestone(open.milestone());
  open.set_kind(event::v1::KIND_CORRECTION);
  open.clear_milestone();
  open.set_event_id(absl::StrCat("correction of ", id, " to ", open.event_id()));
  return std::move(*this);
}
Said Said::Voiding(absl::string_view id) {
  Said said("correction", "2026-01-01");
  said.open.mutable_corrects()->set_agency("a");
  said.open.mutable_corrects()->set_event_id(std::string(id));
  said.open.mutable_corrects()->set_voids(true);
  said.open.set_event_id(absl::StrCat("void ", id));
  return said;
}

pathway::v1::Book BookOf(absl::string_view rules, absl::string_view version) {
  static const auto* const shipped =
      new pathway::v1::Book(Shipped("deploy/books/uk-calendars.textproto"));
  pathway::v1::Book book =
      Parse(absl::StrCat(R"(id: "test" version: ")", version, R"(" zone: "Europe/London"
         agency { id: "a" kind: "police" nation: "wales" }
         agency { id: "b" kind: "council" nation: "wales" }
         agency { id: "c" kind: "council" nation: "wales" }
         agency { id: "d" kind: "council" nation: "wales" }
         agency { id: "s" kind: "council" nation: "scotland" })",
                         rules));
  for (const pathway::v1::Calendar& calendar : shipped->calendar()) {
    if (calendar.nation() == "wales" || calendar.nation() == "scotland") {
      *book.add_calendar() = calendar;
    }
  }
  return book;
}

std::string Rule(absl::string_view fields) {
  return absl::StrCat(R"(rule { id: "R" accountable: "agency:a" level { name: "overdue" } )",
                      fields, " }");
}

Books BooksOf(absl::string_view rules) {
  Books books;
  const absl::Status added = books.Add(BookOf(rules), LondonZone(), At("2020-01-01"));
  EXPECT_TRUE(added.ok()) << added;
  return books;
}

std::vector<Event> EventsOf(const std::vector<Said>& said) {
  std::vector<Event> events;
  for (const Said& one : said) {
    Event event;
    event.open = one.open;
    event.backfill = one.backfill;
    event.recorded = At("2030-01-01");
    event.position = static_cast<int64_t>(events.size());
    events.push_back(std::move(event));
  }
  return events;
}

Story::Story(FoldOptions options)
    : options_(std::move(options)), folder_(testing::TempDir() + "/dolen-story-XXXXXX") {
  DOLEN_CHECK(mkdtemp(folder_.data()) != nullptr);
  Reopen();
  EXPECT_TRUE(Tell(At("2020-01-01"), FirstRecord()).ok());
  ledger::v1::Record first;
  first.mutable_fact()->set_time_counts(ledger::v1::TIME_COUNTS_STATED);
  const absl::Status told = Tell(At("2020-01-01"), first);
  EXPECT_TRUE(told.ok()) << told;
}

Story::~Story() {
  fold_ = nullptr;
  store_ = nullptr;
  std::filesystem::remove_all(folder_);
}

void Story::Reopen() {
  if (fold_ != nullptr) Collect();
  fold_ = nullptr;
  store_ = nullptr;
  absl::StatusOr<std::unique_ptr<Store>> store = Store::Open(folder_);
  DOLEN_CHECK(store.ok());
  store_ = *std::move(store);
  absl::StatusOr<std::unique_ptr<Fold>> fold = Fold::Open(store_.get(), options_);
  DOLEN_CHECK(fold.ok());
  fold_ = *std::move(fold);
  // The outbox is read again; what was collected from it is known already.
  for (const Outgoing& change : fold_->TakeOutgoing()) {
    if (change.number <= alerts_.size()) continue;
    DOLEN_CHECK(alerts_.emplace_back().ParseFromString(change.bytes));
  }
}

void Story::Collect() {
  const absl::Status committed = fold_->Commit();
  EXPECT_TRUE(committed.ok()) << committed;
  for (const Outgoing& change : fold_->TakeOutgoing()) {
    DOLEN_CHECK(alerts_.emplace_back().ParseFromString(change.bytes));
    EXPECT_EQ(change.number, alerts_.size()) << "numbers within the shard are consecutive";
  }
}

absl::Status TellFold(Fold& fold, absl::Time written, ledger::v1::Record record) {
  record.set_written(Micros(written));
  const std::string bytes = record.SerializeAsString();
  Entry entry;
  entry.offset = fold.next_offset();
  entry.appended = written;
  entry.value = bytes;
  return fold.Apply(entry);
}

absl::Status Story::Tell(absl::Time written, ledger::v1::Record record) {
  const absl::Status applied = TellFold(*fold_, written, std::move(record));
  if (applied.ok()) Collect();
  return applied;
}

absl::Status Story::Tick(absl::Time at, int drains) {
  ledger::v1::Record record;
  record.mutable_tick()->set_drains(drains);
  return Tell(at, record);
}

void Story::TickBefore(absl::Time end) {
  for (int ticks = 0; fold_->first_due() < end; ++ticks) {
    ASSERT_LT(ticks, 1000) << "somebody stays due for ever";
    const absl::Status told = Tick(std::max(fold_->reached(), fold_->first_due()));
    ASSERT_TRUE(told.ok()) << told;
  }
}

Story& Story::Publish(absl::string_view at, const pathway::v1::Book& book) {
  TickBefore(At(at));
  ledger::v1::Record record;
  record.mutable_book()->set_book(book.SerializeAsString());
  *record.mutable_book()->mutable_zone() = LondonTable();
  const int before = fold_->books().publications();
  const absl::Status told = Tell(At(at), record);
  EXPECT_TRUE(told.ok()) << told;
  EXPECT_EQ(fold_->books().publications(), before + 1) << "the book was refused";
  return *this;
}

ChildKey Story::Child(int number) {
  std::string bytes(ChildKey::kBytes, '\0');
  bytes[13] = static_cast<char>(number >> 16);
  bytes[14] = static_cast<char>(number >> 8);
  bytes[15] = static_cast<char>(number);
  ChildKey key;
  DOLEN_CHECK(ChildKey::FromBytes(bytes, key));
  return key;
}

ledger::v1::Record Story::RecordOf(const Said& said, const ChildKey& child) {
  ledger::v1::Record record;
  ledger::v1::AgencyEvent& event = *record.mutable_event();
  event.set_open(said.open.SerializeAsString());
  event.set_digest(event.open());
  event.set_agency(said.open.agency());
  event.set_child(std::string(child.bytes()));
  event.set_backfill(said.backfill);
  return record;
}

Story& Story::Hear(absl::string_view recorded, const Said& said, int child) {
  TickBefore(At(recorded));
  // Corrections are put in order by when they were sent.
  Said sent = said;
  if (!sent.open.has_published()) *sent.open.mutable_published() = ToTimestamp(At(recorded));
  const absl::Status told = Tell(At(recorded), RecordOf(sent, Child(child)));
  EXPECT_TRUE(told.ok()) << told;
  return *this;
}

Story& Story::BeginBackfill(absl::string_view at, absl::string_view name) {
  TickBefore(At(at));
  ledger::v1::Record record;
  record.mutable_fact()->set_backfill_begun(std::string(name));
  EXPECT_TRUE(Tell(At(at), record).ok());
  return *this;
}

Story& Story::EndBackfill(absl::string_view at, absl::string_view name) {
  TickBefore(At(at));
  ledger::v1::Record record;
  record.mutable_fact()->set_backfill_ended(std::string(name));
  EXPECT_TRUE(Tell(At(at), record).ok());
  return *this;
}

alert::v1::Action Story::ActionOn(absl::string_view level, alert::v1::Action::Kind kind) {
  const auto alert = std::find_if(alerts_.rbegin(), alerts_.rend(),
                                  [&](const auto& one) { return one.level() == level; });
  DOLEN_CHECK(alert != alerts_.rend());
  alert::v1::Action action;
  action.set_action_id(absl::StrCat("action ", ++actions_));
  action.set_alert_id(alert->alert_id());
  action.set_child(alert->child());
  action.set_kind(kind);
  action.set_by("sian");
  return action;
}

Story& Story::Act(absl::string_view at, absl::string_view level, alert::v1::Action::Kind kind,
                  absl::string_view until, absl::string_view to) {
  TickBefore(At(at));
  alert::v1::Action action = ActionOn(level, kind);
  if (!until.empty()) *action.mutable_until() = ToTimestamp(At(until));
  action.set_to(std::string(to));
  return Act(at, action);
}

Story& Story::Act(absl::string_view at, const alert::v1::Action& action) {
  TickBefore(At(at));
  ledger::v1::Record record;
  ChildKey child;
  DOLEN_CHECK(ChildKey::FromHex(action.child(), child));
  record.mutable_action()->set_said(action.SerializeAsString());
  record.mutable_action()->set_child(std::string(child.bytes()));
  const absl::Status told = Tell(At(at), record);
  EXPECT_TRUE(told.ok()) << told;
  return *this;
}

Story& Story::HearFrom(absl::string_view at, absl::string_view agency) {
  TickBefore(At(at));
  ledger::v1::Record record;
  record.mutable_heard()->set_agency(std::string(agency));
  const absl::Status told = Tell(At(at), record);
  EXPECT_TRUE(told.ok()) << told;
  return *this;
}

Story& Story::Until(absl::string_view at) {
  TickBefore(At(at) + absl::Microseconds(1));
  return *this;
}

std::vector<std::string> Story::ToldOf(const ChildKey& subject) const {
  std::vector<std::string> lines;
  for (const alert::v1::Alert& alert : alerts_) {
    if (alert.child() != subject.Hex()) continue;
    lines.push_back(absl::StrCat(std::string(1, "?RAKECWSGV"[alert.state()]), " ", alert.level(),
                                 " ", Text(FromTimestamp(alert.at()))));
  }
  return lines;
}

const Picture& Story::PictureOf(int child) {
  absl::StatusOr<const ChildState*> state = fold_->Find(Child(child));
  DOLEN_CHECK(state.ok());
  picture_ = (*state)->picture;
  // With books that it is still to be drawn with by a tick, it stays as it is.
  if (picture_.books != fold_->books().publications()) return picture_;
  absl::StatusOr<std::vector<Event>> events = fold_->EventsOf(Child(child));
  DOLEN_CHECK(events.ok());
  const Picture left = std::exchange(picture_, Draw(*events, fold_->books()));
  ExpectLeftOf(left, picture_);
  return picture_;
}

std::vector<std::string> Story::ClocksNow(absl::string_view at, int child) {
  return ClocksAt(PictureOf(child), fold_->books(), at);
}

std::string Story::ClockNow(absl::string_view at, int child) {
  return ClockAt(PictureOf(child), at);
}

}  // namespace dolen::story
