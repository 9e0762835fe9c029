// demo: a fictional story under a fast clock. The children, the agencies and what happens to them
// are made up.
#include <unistd.h>

#include <algorithm>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <map>
#include <string>

#include "absl/cleanup/cleanup.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/time/clock.h"
#include "connectors/http/server.h"
#include "deploy/program/door.h"
#include "deploy/program/progress.h"
#include "deploy/program/signals.h"
#include "deploy/program/stage.h"
#include "deploy/program/story.h"
#include "deploy/program/verbs.h"
#include "dolen/event/v1/event.pb.h"
#include "engine/base/status.h"
#include "engine/base/time.h"
#include "engine/pathway/pattern.h"
#include "projections/timeline/timeline.h"

namespace dolen {
namespace {

constexpr double kDaysPerSecond = 2;
// Nothing may seem to hang, and nights and weekends in which nothing happens pass quickly.
constexpr absl::Duration kLongestPause = absl::Milliseconds(400);

std::string Clock(absl::Time time) {
  return absl::FormatTime("%a %d %b %H:%M", time, absl::UTCTimeZone());
}

// Prints what happens and what is said, and knows the children by the names of the story.
class Narrator {
 public:
  explicit Narrator(double days_per_second) : days_per_second_(days_per_second) {}

  void Pace(absl::Time from, absl::Time to) const {
    const double days = absl::ToDoubleSeconds(to - from) / 86400;
    absl::SleepFor(std::min(kLongestPause, absl::Seconds(days / days_per_second_)));
  }

  void Happened(const RecordedEvent& event) {
    event::v1::Event parsed;
    if (!parsed.ParseFromString(event.event.bytes)) return;
    const event::v1::Open& open = parsed.open();
    const std::string to = open.to_agency().empty() ? "" : absl::StrCat(" -> ", open.to_agency());
    absl::PrintF("  %s  %-17s %s%s  (%s)\n", Clock(event.time), open.agency(),
                 std::string(EventName(open)), to, event.event.child_value);
    std::fflush(stdout);
    ++events_;
  }

  void Said(const alert::v1::Alert& alert) {
    absl::PrintF("%s %s  %s: %s, due %s  [%s%s%s]\n",
                 alert.state() == alert::v1::STATE_RAISED ? "!!" : "->",
                 Clock(FromTimestamp(alert.at())), alert.accountable(), alert.title_en(),
                 Clock(FromTimestamp(alert.due())), alert.level(),
                 alert.state() == alert::v1::STATE_RAISED ? "" : " ",
                 alert.state() == alert::v1::STATE_RAISED ? "" : StateText(alert.state()));
    std::fflush(stdout);
    ++said_;
  }

  int events() const { return events_; }
  int said() const { return said_; }

 private:
  const double days_per_second_;
  int events_ = 0;
  int said_ = 0;
};

absl::Status WriteText(const std::string& path, absl::string_view text) {
  std::ofstream file(path, std::ios::binary);
  file.write(text.data(), static_cast<std::streamsize>(text.size()));
  file.close();
  return file ? absl::OkStatus() : absl::InternalError(absl::StrCat("cannot write ", path));
}

absl::StatusOr<RecordedRows> ReadStory(const std::string& folder) {
  const std::string csv = folder + "/story.csv", mapping = folder + "/story_mapping.textproto";
  DOLEN_RETURN_IF_ERROR(WriteText(csv, kStoryCsv));
  DOLEN_RETURN_IF_ERROR(WriteText(mapping, kStoryMapping));
  DOLEN_ASSIGN_OR_RETURN(const CheckedMapping checked, LoadMapping(mapping));
  DOLEN_ASSIGN_OR_RETURN(RecordedRows rows,
                         ReadRecordedRows({csv}, &checked, absl::InfiniteFuture()));
  if (rows.bad.empty() && !rows.events.empty()) return rows;
  return absl::InternalError(rows.bad.empty() ? "the story is empty" : rows.bad.front().Text());
}

absl::Status GoOnServing(Stage& stage, const std::string& folder) {
  Place place;
  place.data = folder;
  stage.clock().GoOn();
  DOLEN_ASSIGN_OR_RETURN(const std::unique_ptr<HttpServer> server,
                         HttpServer::Listen(SocketOf(place), RoutesOf(&stage.service())));
  stage.engine().Start();
  absl::PrintF(
      "\nThe engine goes on serving the story; Ctrl-C ends it. In another terminal, try:\n"
      "  dolen alerts --data=%s\n"
      "  dolen timeline --data=%s --child=%s\n"
      "  dolen doctor --data=%s\n",
      folder, folder, kStoryHero, folder);
  std::fflush(stdout);
  WaitForEndSignal();
  return absl::OkStatus();
}

absl::Status Tell(const DemoFlags& flags, const std::string& folder) {
  BlockEndSignals();
  DOLEN_ASSIGN_OR_RETURN(const RecordedRows rows, ReadStory(folder));
  Narrator narrator(flags.days_per_second > 0 ? flags.days_per_second : kDaysPerSecond);
  Stage::Hooks hooks;
  hooks.pace = [&](absl::Time from, absl::Time to) { narrator.Pace(from, to); };
  hooks.happened = [&](const RecordedEvent& event) { narrator.Happened(event); };
  hooks.said = [&](const alert::v1::Alert& alert) { narrator.Said(alert); };
  const absl::Time begin = rows.events.front().time - absl::Hours(1);
  const std::string data = folder + "/data";
  DOLEN_ASSIGN_OR_RETURN(const std::unique_ptr<Stage> stage, Stage::Open(data, begin, hooks));
  DOLEN_RETURN_IF_ERROR(stage->PublishBook("uk-calendars.textproto", kStoryCalendars));
  DOLEN_RETURN_IF_ERROR(stage->PublishBook("demo.textproto", kStoryBook));
  absl::PrintF(
      "Several agencies, a dozen children, a few weeks; all of it is made up.\n"
      "What agencies publish is indented; !! is an alert to on-call staff, -> a change of "
      "one.\n\n");
  DOLEN_RETURN_IF_ERROR(stage->Play(rows, rows.events.back().time + absl::Hours(24)));
  absl::PrintF("\n%d events, %d changes of alerts. One child's timeline:\n\n", narrator.events(),
               narrator.said());
  const std::string hero = kStoryHero;
  const size_t colon = hero.find(':');
  DOLEN_ASSIGN_OR_RETURN(
      const std::string timeline,
      stage->service().Timeline(hero.substr(0, colon), hero.substr(colon + 1), {}, Format::kText));
  std::fputs(timeline.c_str(), stdout);
  std::fflush(stdout);
  if (isatty(STDIN_FILENO) == 1 && isatty(STDOUT_FILENO) == 1) {
    return GoOnServing(*stage, data);
  }
  return absl::OkStatus();
}

}  // namespace

int RunDemo(const Common&, const DemoFlags& flags) {
  const std::string folder = MakeTemporaryFolder();
  const absl::Status told = Tell(flags, folder);
  if (flags.keep) {
    absl::PrintF("The story's data are in %s/data\n", folder);
  } else {
    std::error_code ignored;
    std::filesystem::remove_all(folder, ignored);
  }
  return told.ok() ? kDone : Fail(told);
}

}  // namespace dolen
