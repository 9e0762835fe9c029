// demo: a fictional story under a fast clock. The children, the agencies and what happens to them
// are made up.
#include <unistd.h>

#include <algorithm>
#include <cerrno>  // program_invocation_name
#include <cstdio>
#include <filesystem>
#include <memory>
#include <string>
#include <utility>

#include "absl/cleanup/cleanup.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/time/clock.h"
#include "absl/types/optional.h"
#include "connectors/http/server.h"
#include "deploy/api/access_file.h"
#include "deploy/api/dashboard_files.h"
#include "deploy/api/reading_side.h"
#include "deploy/program/door.h"
#include "deploy/program/pages.h"
#include "deploy/program/present.h"
#include "deploy/program/progress.h"
#include "deploy/program/signals.h"
#include "deploy/program/stage.h"
#include "deploy/program/story.h"
#include "deploy/program/tale.h"
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
// While people look: what alerts say is printed so soon after it was said.
constexpr absl::Duration kBetweenLooks = absl::Seconds(1);
constexpr absl::Duration kLongestFirstLook = absl::Seconds(10);
constexpr char kBuiltDashboard[] = "build/dashboard";  // where deploy/build-dashboard puts it

// Prints what happens and what is said, and knows the children by the names of the story.
class Narrator {
 public:
  Narrator(double days_per_second, absl::TimeZone zone)
      : days_per_second_(days_per_second), zone_(zone) {}

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
  // As the pages say it.
  std::string Clock(absl::Time time) const {
    return absl::FormatTime("%a %d %b %H:%M", time, zone_);
  }

  const double days_per_second_;
  const absl::TimeZone zone_;
  int events_ = 0;
  int said_ = 0;
};

// The story's socket, for the other verbs.
absl::StatusOr<std::unique_ptr<HttpServer>> OpenSocket(Stage& stage, const std::string& data) {
  Place place;
  place.data = data;
  return HttpServer::Listen(SocketOf(place), RoutesOf(&stage.service()));
}

// As the reader called the program: it is on nobody's path yet.
void PrintVerbsToTry(const std::string& data) {
  const char* const dolen = program_invocation_name;
  absl::PrintF(
      "  %s alerts --data=%s\n"
      "  %s timeline --data=%s --child=%s\n"
      "  %s doctor --data=%s\n",
      dolen, data, dolen, data, kStoryHero, dolen, data);
  std::fflush(stdout);
}

absl::Status GoOnServing(Stage& stage, const std::string& data) {
  stage.clock().GoOn();
  DOLEN_ASSIGN_OR_RETURN(const std::unique_ptr<HttpServer> server, OpenSocket(stage, data));
  stage.engine().Start();
  absl::PrintF(
      "\nThe engine goes on serving the story; Ctrl-C ends it. In another terminal, try:\n");
  PrintVerbsToTry(data);
  WaitForEndSignal();
  return absl::OkStatus();
}

// What is needed to go on in a browser.
struct Browsing {
  TcpDoor door;
  access::v1::Access access;
  std::unique_ptr<DashboardFiles> dashboard;
};

// Whatever is missing is better known before the story than after it. Nobody asked: nullptr.
absl::StatusOr<std::unique_ptr<Browsing>> PrepareBrowsing(const DemoFlags& flags,
                                                          const std::string& folder) {
  if (flags.listen.empty()) return std::unique_ptr<Browsing>();
  auto browsing = std::make_unique<Browsing>();
  DOLEN_ASSIGN_OR_RETURN(browsing->door, TcpDoorOf(flags.listen));
  DOLEN_ASSIGN_OR_RETURN(
      browsing->dashboard,
      ReadDashboard(flags.dashboard.empty() ? kBuiltDashboard : flags.dashboard, nullptr));
  const std::string access = folder + "/access.textproto";
  DOLEN_RETURN_IF_ERROR(WriteText(access, kStoryAccess));
  DOLEN_ASSIGN_OR_RETURN(browsing->access, ReadAccess(access));
  DOLEN_RETURN_IF_ERROR(
      HttpServer::ListenOnTcp(browsing->door.address, browsing->door.port, absl::nullopt, Router())
          .status());
  return browsing;
}

void PrintPagesToTry(int port, const Tale& tale, const std::string& data) {
  absl::PrintF(
      "\nThe story goes on in a browser: http://127.0.0.1:%d\n\n"
      "Everybody in it is made up; whoever opens it here may sign in as any of them. Three things\n"
      "to try, signed in as Siân Enghraifft of the council and reading for Supervision:\n\n"
      "  1. My team now: what breaches next? Acknowledge one that has an alert. Stay for some\n"
      "     minutes: agencies go on publishing, and the list follows.\n"
      "  2. Children: find the NHS number 999 000 0018. Move the slider to the day before %s,\n"
      "     when CAMHS declined to help: this is what the council knew then.\n"
      "  3. Our delays: choose the step \"Referral answered\". Whose time was it? Then sign out, "
      "and\n"
      "     in as Bronwen Sampl of the board: across agencies, small numbers are not told.\n\n"
      "Ctrl-C ends it. In another terminal you may also try:\n",
      port, DayOfDecline(tale));
  PrintVerbsToTry(data);
}

// What comes in the day's time, until somebody ends it.
absl::Status LiveTheDay(Stage& stage, const Tale& tale) {
  const absl::Time opened = absl::Now();
  for (RecordedEvent event : tale.to_come) {
    const absl::Time at = ComesAt(event, opened, tale.zone);
    for (absl::Time now = absl::Now(); now < at; now = absl::Now()) {
      if (EndSignalWithin(std::min(at - now, kBetweenLooks))) return absl::OkStatus();
      DOLEN_RETURN_IF_ERROR(stage.Listen());
    }
    DOLEN_RETURN_IF_ERROR(MoveTo(at, at, event));
    DOLEN_RETURN_IF_ERROR(stage.Send(event));
  }
  absl::PrintF("The day's story is told; the engine goes on, and Ctrl-C ends it.\n");
  std::fflush(stdout);
  while (!EndSignalWithin(kBetweenLooks)) DOLEN_RETURN_IF_ERROR(stage.Listen());
  return absl::OkStatus();
}

// Until every shard has looked once whether anything came: then the first page is as of now.
void WaitForFirstLook(const Engine& engine) {
  const absl::Time patience = absl::Now() + kLongestFirstLook;
  for (size_t shard = 0; shard < engine.shards() && absl::Now() < patience;) {
    if (engine.HoldsUntil(shard) == absl::InfinitePast()) {
      absl::SleepFor(absl::Milliseconds(10));
    } else {
      ++shard;
    }
  }
}

absl::Status GoOnInABrowser(Stage& stage, const Tale& tale, const Browsing& browsing,
                            const std::string& data) {
  stage.clock().Set(absl::Now());
  stage.clock().GoOn();
  DOLEN_ASSIGN_OR_RETURN(const std::unique_ptr<ReadingSide> reading,
                         ReadingSide::Open(&stage.service(), browsing.access, nullptr));
  DOLEN_ASSIGN_OR_RETURN(std::unique_ptr<HttpServer> server, OpenSocket(stage, data));
  DOLEN_ASSIGN_OR_RETURN(
      std::unique_ptr<HttpServer> pages,
      OpenPages(stage.service(), browsing.door, reading.get(), browsing.dashboard.get()));
  stage.engine().Start();
  WaitForFirstLook(stage.engine());
  PrintPagesToTry(pages->port(), tale, data);
  const absl::Status lived = LiveTheDay(stage, tale);
  pages.reset();
  server.reset();
  stage.engine().Stop();
  return lived;
}

absl::StatusOr<std::unique_ptr<Stage>> SetStage(const std::string& data, absl::Time begin,
                                                Stage::Hooks hooks) {
  DOLEN_ASSIGN_OR_RETURN(std::unique_ptr<Stage> stage, Stage::Open(data, begin, std::move(hooks)));
  DOLEN_RETURN_IF_ERROR(stage->PublishBook("uk-calendars.textproto", kStoryCalendars));
  DOLEN_RETURN_IF_ERROR(stage->PublishBook("demo.textproto", kStoryBook));
  return stage;
}

absl::Status PrintHero(Stage& stage) {
  const std::string hero = kStoryHero;
  const size_t colon = hero.find(':');
  DOLEN_ASSIGN_OR_RETURN(
      const std::string timeline,
      stage.service().Timeline(hero.substr(0, colon), hero.substr(colon + 1), {}, Format::kText));
  std::fputs(timeline.c_str(), stdout);
  std::fflush(stdout);
  return absl::OkStatus();
}

absl::Status Tell(const DemoFlags& flags, const std::string& folder) {
  BlockEndSignals();
  DOLEN_ASSIGN_OR_RETURN(const std::unique_ptr<Browsing> browsing, PrepareBrowsing(flags, folder));
  DOLEN_ASSIGN_OR_RETURN(
      const Tale tale,
      ReadTale(folder, browsing == nullptr ? TaleTime::kAsStated : TaleTime::kPresent));
  Narrator narrator(flags.days_per_second > 0 ? flags.days_per_second : kDaysPerSecond, tale.zone);
  Stage::Hooks hooks;
  hooks.pace = [&](absl::Time from, absl::Time to) { narrator.Pace(from, to); };
  hooks.happened = [&](const RecordedEvent& event) { narrator.Happened(event); };
  hooks.said = [&](const alert::v1::Alert& alert) { narrator.Said(alert); };
  const std::string data = folder + "/data";
  DOLEN_ASSIGN_OR_RETURN(
      const std::unique_ptr<Stage> stage,
      SetStage(data, tale.told.events.front().time - absl::Hours(1), std::move(hooks)));
  absl::PrintF(
      "Several agencies, a dozen children, a few weeks; all of it is made up.\n"
      "What agencies publish is indented; !! is an alert to on-call staff, -> a change of "
      "one.\n\n");
  DOLEN_RETURN_IF_ERROR(stage->Play(tale.told, tale.end));
  absl::PrintF("\n%d events, %d changes of alerts. One child's timeline:\n\n", narrator.events(),
               narrator.said());
  DOLEN_RETURN_IF_ERROR(PrintHero(*stage));
  if (browsing != nullptr) return GoOnInABrowser(*stage, tale, *browsing, data);
  if (isatty(STDIN_FILENO) == 1 && isatty(STDOUT_FILENO) == 1) return GoOnServing(*stage, data);
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
