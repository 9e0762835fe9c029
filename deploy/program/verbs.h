// The verbs of the program `dolen`: what each is asked (its flags, filled in by main.cc) and does.
// Each returns the exit code: 0 done, 1 the answer is no, 2 wrong usage, 3 the world failed.
#ifndef DOLEN_DEPLOY_PROGRAM_VERBS_H_
#define DOLEN_DEPLOY_PROGRAM_VERBS_H_

#include <cstdint>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "deploy/program/asked_past.h"
#include "deploy/program/installation.h"

namespace dolen {

inline constexpr int kDone = 0, kNo = 1, kUsage = 2, kWorldFailed = 3;

// Prints the error, and gives the exit code that fits it.
int Fail(const absl::Status& status);

// Where to work, and how to answer.
struct Common {
  Place place;
  std::string format = "text";
  bool json() const { return format == "json"; }
};

struct ReplayFlags {
  std::vector<std::string> books;
  std::string mapping;
  std::string until;
  std::string data;
  std::vector<std::string> files;
};
int RunReplay(const Common& common, const ReplayFlags& flags);

struct ServeFlags {
  std::string routing;    // routing file; empty: nobody is notified
  std::string access;     // who may read; empty: nobody but by signed links
  std::string dashboard;  // folder with its files; empty: none is served
  std::string listen;     // "PORT" or "ADDRESS:PORT" for links, health, reading; empty: none
  std::vector<std::string> books;  // published at start where no book was ever published
};
int RunServe(const Common& common, const ServeFlags& flags);

struct AuditFlags {
  std::string noted;          // "NUMBER:HASH"; empty: none
  std::string issuer, value;  // of a child
};

struct DemoFlags {
  double days_per_second = 0;  // 0: as fast as is pleasant to read
  bool keep = false;
  std::string listen;     // "PORT", on this machine alone, for pages of the story; empty: none
  std::string dashboard;  // folder with its files
};
int RunDemo(const Common& common, const DemoFlags& flags);

struct ImportFlags {
  std::string mapping;
  std::string name;   // of the backfill
  bool live = false;  // not a backfill: deadlines of these events are told
  std::string by;     // who begins and ends the backfill
  std::vector<std::string> files;
};
int RunImport(const Common& common, const ImportFlags& flags);

struct PublishFlags {
  std::string agency;      // empty: each event's own
  bool unchecked = false;  // send even what admission would refuse
  std::vector<std::string> files;
};
int RunPublish(const Common& common, const PublishFlags& flags);

struct TimelineFlags {
  std::string child;  // ISSUER:VALUE
  AskedPast past;
};
int RunTimeline(const Common& common, const TimelineFlags& flags);

struct AlertsFlags {
  std::string accountable;
  std::string level;
  int limit = 100;
};
int RunAlertsList(const Common& common, const AlertsFlags& flags);
int RunAlertsShow(const Common& common, const std::vector<std::string>& alerts);
// Where its page is, behind the address under which browsers reach this installation.
int RunAlertsLink(const Common& common, const std::vector<std::string>& alerts);

struct AlertDeedFlags {
  std::vector<std::string> alerts;
  bool all = false;
  std::string accountable;
  std::string level;
  std::string by;
  std::string note;
  std::string until;  // RFC 3339, or how long: "2h", "3d"
  std::string to;
};
// `did`: "acknowledged", "snoozed" ...
int RunAlertsDo(const Common& common, const AlertDeedFlags& flags, const std::string& did);

struct QuarantineFlags {
  std::string reason;
  std::string agency;
  std::string state;
  std::vector<int64_t> offsets;
  std::string by;
  std::string why;
};
int RunQuarantineList(const Common& common, const QuarantineFlags& flags);
int RunQuarantineShow(const Common& common, const QuarantineFlags& flags);
int RunQuarantineRetry(const Common& common, const QuarantineFlags& flags);
int RunQuarantineSetAside(const Common& common, const QuarantineFlags& flags);

// Calendars of the books in `with` count as known.
int RunBookCheck(const Common& common, const std::vector<std::string>& files,
                 const std::vector<std::string>& with);
int RunBookPublish(const Common& common, const std::vector<std::string>& files,
                   const std::string& by);

struct BookExplainFlags {
  std::string file;
  std::string rule;               // only this one; empty: all
  std::string lang = "both";      // en, cy or both
  std::string from;               // start of the worked example; empty: today at 09:00
  std::string agency;             // accountable in it; empty: the first that the rule fits
  std::string nation;             // of who is accountable in it; empty: as the agency's
  std::vector<std::string> with;  // books whose calendars count too
};
int RunBookExplain(const Common& common, const BookExplainFlags& flags);

int RunBookDiff(const Common& common, const std::string& before, const std::string& after);

int RunBookTest(const Common& common, const std::vector<std::string>& files,
                const std::vector<std::string>& with);

struct SimulateFlags {
  std::vector<std::string> books;  // drafts
  std::string from, to;            // days of start that they judge
  std::string at;                  // when clocks are compared; empty: the time reached
  int threads = 0;                 // 0: as many as there are cores
  int64_t list = 20;
  bool children = false;  // by their identifiers
};
int RunSimulate(const Common& common, const SimulateFlags& flags);

int RunLogVerify(const Common& common);
int RunStoreVerify(const Common& common, bool rebuild);

struct RevisionFlags {
  bool quiet = false;  // page nobody for what is released
  std::string by;
};
int RunRevisionShow(const Common& common);
int RunRevisionRelease(const Common& common, const RevisionFlags& flags);

struct BackfillFlags {
  std::string name;
  std::string by;
};
int RunBackfillList(const Common& common);
int RunBackfillEnd(const Common& common, const BackfillFlags& flags);

struct DoctorFlags {
  std::string destinations;  // routing file whose destinations are tried; empty: none are
  bool confirm_time = false;
};
int RunRoutingCheck(const Common& common, const std::vector<std::string>& files);
int RunRoutingStatus(const Common& common);
int RunRoutingSendAgain(const Common& common, const std::string& destination);
// Sends a test to each destination and says what came back.
int RunTryDestinations(const Common& common, const std::string& file);

int RunDoctor(const Common& common, const DoctorFlags& flags);

}  // namespace dolen

#endif  // DOLEN_DEPLOY_PROGRAM_VERBS_H_
