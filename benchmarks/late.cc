// What a late event costs: one child is folded in order, then some events that occurred long ago
// come, then some more in order, each with a commit of its own. One thread; the time of each part
// is printed as JSON, and benchmarks/late_table counts its instructions.
#include <time.h>

#include <filesystem>
#include <fstream>
#include <sstream>
#include <string>
#include <utility>
#include <vector>

#include "CLI/CLI.hpp"
#include "absl/cleanup/cleanup.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/time/time.h"
#include "deploy/program/progress.h"
#include "deploy/zone_table.h"
#include "engine/base/check.h"
#include "engine/base/status.h"
#include "engine/base/time.h"
#include "engine/pathway/book.h"
#include "engine/shard/fold.h"
#include "engine/shard/revision.h"
#include "engine/store/store.h"

namespace dolen {
namespace {

constexpr char kAgencies[] = R"(
  id: "late" version: "1" zone: "Europe/London"
  agency { id: "cyngor" kind: "council" nation: "wales" }
  agency { id: "ysgol" kind: "school" nation: "wales" }
  agency { id: "iechyd" kind: "health_board" nation: "wales" })";

// What a council and a school say of one child in one matter after another: reported, decided,
// enquired, a conference, core groups, a review, the end. Made up; some steps are missing or late.
constexpr const char* kMatter[] = {"telephone_report_made",
                                   "written_report_sent",
                                   "report_received",
                                   "next_action_decided",
                                   "decision_recorded",
                                   "report_acknowledged",
                                   "strategy_discussion_held",
                                   "s47_started",
                                   "s47_outcome_decided",
                                   "initial_conference_held",
                                   "outline_plan_circulated",
                                   "core_group_held",
                                   "child_voice_recorded",
                                   "core_group_held",
                                   "core_group_held",
                                   "review_conference_held",
                                   "core_group_held",
                                   "continuing_assessment_completed",
                                   "deregistered"};
// One matter that goes on and on.
constexpr const char* kLong[] = {"core_group_held", "child_voice_recorded", "core_group_held",
                                 "review_conference_held", "core_group_held"};
// One matter in which nothing that is begun is ever done: every clock stays open.
constexpr const char* kOpen[] = {"access_denied", "child_voice_recorded"};

struct Options {
  int events = 100, late = 0, more = 0;
  bool read_again = false;
  std::string shape = "matters";  // or "long" or "open"
  std::string books = "deploy/books";
};

absl::StatusOr<std::string> Text(const std::string& path) {
  std::ifstream file(path);
  if (!file) return absl::NotFoundError(absl::StrCat(path, ": cannot be read; run in the clone"));
  std::ostringstream text;
  text << file.rdbuf();
  return text.str();
}

// CPU time of this thread.
absl::Duration Spent() {
  timespec spent{};
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &spent);
  return absl::DurationFromTimespec(spent);
}

class OneChild {
 public:
  explicit OneChild(Options options) : options_(std::move(options)) {}

  absl::Status Open(const std::string& folder) {
    DOLEN_ASSIGN_OR_RETURN(store_, Store::Open(folder));
    DOLEN_RETURN_IF_ERROR(OpenFold());
    DOLEN_RETURN_IF_ERROR(Tell(FirstRecord()));
    ledger::v1::Record stated;
    stated.mutable_fact()->set_time_counts(ledger::v1::TIME_COUNTS_STATED);
    DOLEN_RETURN_IF_ERROR(Tell(stated));
    DOLEN_RETURN_IF_ERROR(Publish(kAgencies));
    std::vector<std::string> files = {options_.books + "/uk-calendars.textproto"};
    for (const auto& entry : std::filesystem::directory_iterator(options_.books + "/wales")) {
      files.push_back(entry.path().string());
    }
    std::sort(files.begin(), files.end());
    for (const std::string& file : files) {
      DOLEN_ASSIGN_OR_RETURN(const std::string text, Text(file));
      DOLEN_RETURN_IF_ERROR(Publish(text));
    }
    return fold_->Commit();
  }

  // In order, a day and a half apart; as many to a commit as a busy shard might have.
  absl::Status Fill() {
    for (int i = 0; i < options_.events; ++i) {
      DOLEN_RETURN_IF_ERROR(Next());
      if (i % 100 == 99) DOLEN_RETURN_IF_ERROR(fold_->Commit());
    }
    return fold_->Commit();
  }

  absl::StatusOr<absl::Duration> Late() {
    const absl::Duration before = Spent();
    for (int i = 0; i < options_.late; ++i) {
      // On the second day, of what everybody says in every matter.
      DOLEN_RETURN_IF_ERROR(
          Say("child_voice_recorded", 0, kBegin + absl::Hours(30) + absl::Minutes(i), "late"));
      DOLEN_RETURN_IF_ERROR(fold_->Commit());
    }
    return Spent() - before;
  }

  absl::StatusOr<absl::Duration> More() {
    absl::Duration spent;
    for (int i = 0; i < options_.more; ++i) {
      if (options_.read_again) DOLEN_RETURN_IF_ERROR(OpenFold());
      const absl::Duration before = Spent();
      DOLEN_RETURN_IF_ERROR(Next());
      DOLEN_RETURN_IF_ERROR(fold_->Commit());
      spent += Spent() - before;
    }
    return spent;
  }

 private:
  // With nothing at hand.
  absl::Status OpenFold() {
    fold_ = nullptr;
    DOLEN_ASSIGN_OR_RETURN(fold_, Fold::Open(store_.get(), {}));
    return absl::OkStatus();
  }

  static inline const absl::Time kBegin = absl::FromUnixSeconds(1420416000);  // 2015-01-05

  absl::Status Next() {
    absl::Span<const char* const> steps = kMatter;
    if (options_.shape == "long") steps = kLong;
    if (options_.shape == "open") steps = kOpen;
    const char* const what = steps[said_ % steps.size()];
    // Closely enough that calendars reach: 2,000 events take eight years.
    now_ = kBegin + absl::Hours(36) * said_;
    const int matter = options_.shape == "matters" ? said_ / static_cast<int>(steps.size()) : 0;
    ++said_;
    DOLEN_RETURN_IF_ERROR(Tick());
    DOLEN_RETURN_IF_ERROR(Say(what, matter, now_, "e"));
    return Tick();
  }

  // So that what falls due is told, and remembered.
  absl::Status Tick() {
    if (fold_->first_due() > now_) return absl::OkStatus();
    ledger::v1::Record tick;
    tick.mutable_tick()->set_drains(1);
    return Tell(std::move(tick));
  }

  absl::Status Say(absl::string_view what, int matter, absl::Time occurred, absl::string_view id) {
    event::v1::Open open;
    open.set_event_id(absl::StrCat(id, "-", fold_->next_offset()));
    open.set_agency(what == "telephone_report_made" || what == "written_report_sent" ? "ysgol"
                                                                                     : "cyngor");
    *open.mutable_occurred()->mutable_instant() = ToTimestamp(occurred);
    if (what == "child_voice_recorded") {
      open.set_kind(event::v1::KIND_CHILD_VOICE_RECORDED);
    } else {
      open.set_kind(event::v1::KIND_MILESTONE_REACHED);
      open.set_milestone(std::string(what));
    }
    open.mutable_matter()->set_agency("cyngor");
    open.mutable_matter()->set_id(absl::StrCat("R-", matter));
    ledger::v1::Record record;
    ledger::v1::AgencyEvent& event = *record.mutable_event();
    event.set_open(open.SerializeAsString());
    event.set_digest(event.open());
    event.set_agency(open.agency());
    event.set_child(std::string(16, 'c'));
    return Tell(std::move(record));
  }

  absl::Status Publish(absl::string_view text) {
    CheckedBook checked = ParseBook(text);
    DOLEN_CHECK(checked.ok());
    ledger::v1::Record record;
    record.mutable_book()->set_book(checked.book.SerializeAsString());
    DOLEN_ASSIGN_OR_RETURN(*record.mutable_book()->mutable_zone(),
                           LoadZoneTable(checked.book.zone()));
    return Tell(std::move(record));
  }

  absl::Status Tell(ledger::v1::Record record) {
    record.set_written(Micros(now_));
    bytes_ = record.SerializeAsString();
    Entry entry;
    entry.offset = fold_->next_offset();
    entry.appended = now_;
    entry.value = bytes_;
    return fold_->Apply(entry);
  }

  const Options options_;
  std::unique_ptr<Store> store_;
  std::unique_ptr<Fold> fold_;
  absl::Time now_ = kBegin;
  int said_ = 0;
  std::string bytes_;
};

absl::Status Run(const Options& options, const std::string& folder) {
  OneChild child(options);
  DOLEN_RETURN_IF_ERROR(child.Open(folder));
  DOLEN_RETURN_IF_ERROR(child.Fill());
  DOLEN_ASSIGN_OR_RETURN(const absl::Duration late, child.Late());
  DOLEN_ASSIGN_OR_RETURN(const absl::Duration more, child.More());
  absl::PrintF("{\"shape\": \"%s\", \"events\": %d, \"late_us\": %.1f, \"in_order_us\": %.1f}\n",
               options.shape, options.events,
               absl::ToDoubleMicroseconds(late) / std::max(options.late, 1),
               absl::ToDoubleMicroseconds(more) / std::max(options.more, 1));
  return absl::OkStatus();
}

int Main(int argc, char** argv) {
  Options options;
  CLI::App app("What a late event costs, against the number of the child's events.");
  app.footer("Example:\n  dolen_late --events=1000 --late=10 --more=10");
  app.add_option("--events", options.events, "Folded in order beforehand")->capture_default_str();
  app.add_option("--late", options.late, "Late events, each with a commit")->capture_default_str();
  app.add_option("--more", options.more, "Then so many in order, each with a commit")
      ->capture_default_str();
  app.add_flag("--read-again", options.read_again,
               "Before each of those the child is let go and must be read from the store");
  app.add_option("--shape", options.shape,
                 "matters: one after another; long: one for ever; open: nothing ever done")
      ->check(CLI::IsMember({"matters", "long", "open"}))
      ->capture_default_str();
  app.add_option("--books", options.books, "Folder of the shipped books")->capture_default_str();
  CLI11_PARSE(app, argc, argv);
  const std::string folder = MakeTemporaryFolder();
  const auto removed = absl::MakeCleanup([&] {
    std::error_code ignored;
    std::filesystem::remove_all(folder, ignored);
  });
  const absl::Status status = Run(options, folder);
  if (status.ok()) return 0;
  absl::FPrintF(stderr, "dolen_late: %s\n", status.ToString());
  return 3;
}

}  // namespace
}  // namespace dolen

int main(int argc, char** argv) { return dolen::Main(argc, argv); }
