// The program `dolen`: verbs and flags. What a verb does is in verbs.h.
#include <unistd.h>

#include <functional>
#include <string>
#include <vector>

#include "CLI/CLI.hpp"
#include "absl/strings/str_split.h"
#include "deploy/program/command_line.h"

namespace dolen {
namespace {

std::string LoginName() {
  const char* name = getlogin();
  return name == nullptr ? "operator" : name;
}

void AddRunning(CLI::App& app, CommandLine& line) {
  CLI::App* serve = AddVerb(
      app, "serve", "Run the engine: admit, fold, tell; answers on a socket in its data folder",
      "dolen serve --data=/var/lib/dolen --book=wales.textproto", line,
      [&line] { return RunServe(line.common, line.serve); });
  AddPlace(serve, line);
  serve->add_option("--book", line.serve.books,
                    "Publish this book at start if no book was ever published; may be repeated");

  serve->add_option("--routing", line.serve.routing,
                    "Routing file: which alert goes where (default: nobody is notified)");
  serve->add_option(
      "--listen", line.serve.listen,
      "PORT on 127.0.0.1, or ADDRESS:PORT, for the pages of alerts, for health and for "
      "reading; an address that others reach needs tls in the access file (default: "
      "none)");
  serve->add_option("--access", line.serve.access,
                    "Access file: whose tokens may read the API (default: nobody's)");
  serve->add_option("--dashboard", line.serve.dashboard,
                    "Folder with the dashboard's files, as deploy/build-dashboard makes it "
                    "(default: none is served)");

  CLI::App* demo = AddVerb(
      app, "demo", "Tell a fictional story of several agencies under a fast clock",
      "dolen demo --listen=8080", line, [&line] { return RunDemo(line.common, line.demo); });
  demo->add_option("--days-per-second", line.demo.days_per_second,
                   "How fast the story's clock runs (default: 2)");
  demo->add_option("--listen", line.demo.listen,
                   "PORT on 127.0.0.1 (0: any that is free): then the story is one of the last "
                   "weeks, and goes on in a browser until Ctrl-C. Whoever is on this machine may "
                   "be anybody in it (default: none)");
  demo->add_option("--dashboard", line.demo.dashboard,
                   "Folder with the dashboard's files, as deploy/build-dashboard makes it "
                   "(default with --listen: build/dashboard)");
  demo->add_flag("--keep", line.demo.keep, "Keep the story's data folder and say where it is");
}

void AddFiles(CLI::App& app, CommandLine& line) {
  CLI::App* replay = AddVerb(
      app, "replay",
      "Play a recorded log under its own stated times, and say what would have been told",
      "dolen replay --book=book.textproto --mapping=mapping.textproto --format=json log.csv.gz",
      line, [&line] { return RunReplay(line.common, line.replay); });
  replay->add_option("--book", line.replay.books, "Pathway book; may be repeated")->required();
  replay->add_option("--mapping", line.replay.mapping,
                     "What the columns of CSV files mean (protobuf text format)");
  replay->add_option("--until", line.replay.until,
                     "End at this time (RFC 3339); later rows are not read");
  replay->add_option("--data", line.replay.data,
                     "Keep the replayed installation in this new folder, for timeline and others");
  replay->add_option("--kafka", line.common.place.kafka, "Run it on this Kafka, host:port");
  replay->add_option("--kafka-property", line.kafka_properties, "name=value of librdkafka");
  replay->add_option("--prefix", line.common.place.prefix,
                     "First word of the topics on Kafka; they must be new");
  AddFormat(replay, line);
  replay->add_option("files", line.replay.files, "CSV (also gzipped) or census XML files")
      ->required();

  CLI::App* import =
      AddVerb(app, "import",
              "Bring files into the ledger, as a backfill that pages nobody for what is past",
              "dolen import --mapping=mapping.textproto referrals-2025.csv", line,
              [&line] { return RunImport(line.common, line.import); });
  AddPlace(import, line);
  AddFormat(import, line);
  import->add_option("--mapping", line.import.mapping, "What the columns of CSV files mean");
  import->add_option("--name", line.import.name, "Name of the backfill (default: from the time)");
  import->add_option("--by", line.by, "Who brings it in (default: the login name)");
  import->add_flag("--live", line.import.live,
                   "Not a backfill: deadlines that these events start are told");
  import->add_option("files", line.import.files, "CSV (also gzipped) or census XML files")
      ->required();

  CLI::App* publish = AddVerb(
      app, "publish", "Send events from JSON or protobuf text files as their agencies would",
      "dolen publish referral.json", line,
      [&line] { return RunPublish(line.common, line.publish); });
  AddPlace(publish, line);
  AddFormat(publish, line);
  publish->add_option("--agency", line.publish.agency,
                      "Through this agency's topic (default: the agency that each event names)");
  publish->add_flag("--unchecked", line.publish.unchecked,
                    "Send even what admission would refuse; it will be found in quarantine");
  publish
      ->add_option("files", line.publish.files,
                   ".json (an object, an array or one object a line) or .textproto "
                   "(dolen.event.v1.Events) files")
      ->required();
}

void AddReading(CLI::App& app, CommandLine& line) {
  CLI::App* timeline =
      AddVerb(app, "timeline", "Show one child: what happened, what should have, what was said",
              "dolen timeline --child=nhs:9990000018\n"
              "  dolen timeline --child=nhs:9990000018 --known-to=camhs_dyffryn "
              "--known-at=2026-01-26",
              line, [&line] { return RunTimeline(line.common, line.timeline); });
  AddPlace(timeline, line);
  AddFormat(timeline, line);
  timeline
      ->add_option("--child", line.timeline.child, "ISSUER:VALUE of one identifier of the child")
      ->required();
  timeline->add_option("--as-of", line.timeline.past.as_of,
                       "What was true then: a day (its end) or an instant, 2026-03-03T09:00:00Z");
  timeline->add_option("--known-at", line.timeline.past.known_at,
                       "On what was recorded by then, by the books of then; times as above");
  timeline->add_option("--known-to", line.timeline.past.known_to,
                       "On what this agency could know: it said it, it was for it, or it is party "
                       "to the matter");
}

void AddQuarantine(CLI::App& app, CommandLine& line) {
  CLI::App* quarantine =
      app.add_subcommand("quarantine", "What could not be admitted: list, show, retry, set aside");
  quarantine->require_subcommand(1);
  quarantine->footer("Example:\n  dolen quarantine list --reason=wrong_agency");
  CLI::App* list = AddVerb(*quarantine, "list", "List it, with what the folds kept aside",
                           "dolen quarantine list --state=open", line,
                           [&line] { return RunQuarantineList(line.common, line.quarantine); });
  list->add_option("--reason", line.quarantine.reason, "Only this reason");
  list->add_option("--agency", line.quarantine.agency,
                   "Only what came through this agency's topic");
  list->add_option("--state", line.quarantine.state, "open, retried or set_aside")
      ->check(CLI::IsMember({"open", "retried", "set_aside"}));
  CLI::App* show =
      AddVerb(*quarantine, "show", "Show one value; it is personal", "dolen quarantine show 12",
              line, [&line] { return RunQuarantineShow(line.common, line.quarantine); });
  CLI::App* retry = AddVerb(*quarantine, "retry", "Admit the original bytes again, after a mend",
                            "dolen quarantine retry 12 13", line,
                            [&line] { return RunQuarantineRetry(line.common, line.quarantine); });
  CLI::App* aside =
      AddVerb(*quarantine, "set-aside", "Say that it will not be admitted",
              "dolen quarantine set-aside 12 --why=\"test message of the vendor\"", line,
              [&line] { return RunQuarantineSetAside(line.common, line.quarantine); });
  aside->add_option("--why", line.quarantine.why, "The reason")->required();
  for (CLI::App* verb : {list, show, retry, aside}) {
    AddPlace(verb, line);
    AddFormat(verb, line);
  }
  for (CLI::App* verb : {show, retry, aside}) {
    verb->add_option("offsets", line.quarantine.offsets, "Numbers as listed")->required();
  }
  for (CLI::App* verb : {retry, aside}) {
    verb->add_option("--by", line.quarantine.by, "Who decides (default: the login name)");
  }
}

// What a board does with a book before it is in force.
void AddBookReview(CLI::App& book, CommandLine& line) {
  CLI::App* explain = AddVerb(
      book, "explain", "Say each rule in words, in Welsh and English, with a worked example",
      "dolen book explain wales.textproto --rule=W-CORE-1 --from=2026-04-02 --lang=en", line,
      [&line] { return RunBookExplain(line.common, line.explain); });
  explain->add_option("--rule", line.explain.rule, "Only this rule, by its id");
  explain->add_option("--lang", line.explain.lang, "en, cy or both")
      ->check(CLI::IsMember({"en", "cy", "both"}))
      ->capture_default_str();
  explain->add_option("--from", line.explain.from,
                      "Start of the worked example, 2026-04-02 or \"2026-04-02 16:30\" in the "
                      "book's zone (default: today at 09:00)");
  explain->add_option("--agency", line.explain.agency,
                      "Who is accountable in the worked example (default: the first that fits)");
  explain
      ->add_option("--nation", line.explain.nation,
                   "Work the example out as for an agency of this nation, for books that name "
                   "no agencies")
      ->check(CLI::IsMember({"wales", "england", "scotland", "northern_ireland"}))
      ->excludes("--agency");
  explain
      ->add_option("--with", line.explain.with,
                   "Another book, for example with calendars; may be repeated")
      ->allow_extra_args(false);
  explain->add_option("file", line.explain.file, "Book in protobuf text format")->required();

  CLI::App* diff =
      AddVerb(book, "diff", "Say in words what changed from one book to another",
              "dolen book diff wales-2026-01.textproto wales-2026-04.textproto", line,
              [&line] { return RunBookDiff(line.common, line.diff_before, line.diff_after); });
  diff->add_option("before", line.diff_before, "The older book")->required();
  diff->add_option("after", line.diff_after, "The newer book")->required();

  CLI::App* test =
      AddVerb(book, "test", "Run the cases that a book brings along (example: \"...\")",
              "dolen book test wales.textproto --with=uk-calendars.textproto", line,
              [&line] { return RunBookTest(line.common, line.book_files, line.with); });
  test->add_option("--with", line.with, "Another book, for example with calendars; may be repeated")
      ->allow_extra_args(false);
  test->add_option("files", line.book_files, "Books in protobuf text format")->required();
  for (CLI::App* verb : {explain, diff, test}) AddFormat(verb, line);
}

void AddBooks(CLI::App& app, CommandLine& line) {
  CLI::App* book = app.add_subcommand("book", "Pathway books: check, explain, diff, test, publish");
  book->require_subcommand(1);
  book->footer("Example:\n  dolen book check wales.textproto");
  CLI::App* check =
      AddVerb(*book, "check", "Say what is wrong in a book, with line and field",
              "dolen book check wales.textproto --with=uk-calendars.textproto", line,
              [&line] { return RunBookCheck(line.common, line.book_files, line.with); });
  check
      ->add_option("--with", line.with, "Another book, for example with calendars; may be repeated")
      ->allow_extra_args(false);
  AddFormat(check, line);
  CLI::App* publish = AddVerb(*book, "publish", "Put a book in force, as a fact in every partition",
                              "dolen book publish wales.textproto", line, [&line] {
                                return RunBookPublish(line.common, line.book_files, line.by);
                              });
  AddPlace(publish, line);
  publish->add_option("--by", line.by, "Who publishes it (default: the login name)");
  for (CLI::App* verb : {check, publish}) {
    verb->add_option("files", line.book_files, "Books in protobuf text format")->required();
  }
  AddBookReview(*book, line);
}

void AddSimulate(CLI::App& app, CommandLine& line) {
  CLI::App* simulate = AddVerb(app, "simulate",
                               "What if a draft had been the book? Which clocks, children and "
                               "agencies would stand otherwise",
                               "dolen simulate --book=wales-draft.textproto --from=2026-01-01",
                               line, [&line] { return RunSimulate(line.common, line.simulate); });
  AddPlace(simulate, line);
  AddFormat(simulate, line);
  SimulateFlags& flags = line.simulate;
  simulate
      ->add_option("--book", flags.books,
                   "Draft, in the place of the book of its id; may be repeated")
      ->required();
  simulate->add_option("--from", flags.from,
                       "First day of start that the draft judges (default: all)");
  simulate->add_option("--to", flags.to,
                       "First day of start that the draft no longer judges (default: none)");
  simulate->add_option("--at", flags.at,
                       "When clocks are compared (RFC 3339); what occurred later is left out "
                       "(default: the time reached)");
  simulate->add_option("--list", flags.list, "List at most so many of the changed clocks")
      ->check(CLI::NonNegativeNumber)
      ->capture_default_str();
  simulate->add_flag("--children", flags.children,
                     "Name listed children by their identifiers; it is personal");
  simulate
      ->add_option("--threads", flags.threads,
                   "Work on so many shards at once (default: one for each core)")
      ->check(CLI::PositiveNumber);
}

void AddProof(CLI::App& app, CommandLine& line) {
  CLI::App* log = app.add_subcommand("log", "The log: verify");
  log->require_subcommand(1);
  log->footer("Example:\n  dolen log verify");
  CLI::App* log_verify =
      AddVerb(*log, "verify", "Read every record; say whether the log is whole", "dolen log verify",
              line, [&line] { return RunLogVerify(line.common); });
  CLI::App* store = app.add_subcommand("store", "The stores: verify");
  store->require_subcommand(1);
  store->footer("Example:\n  dolen store verify --rebuild");
  CLI::App* store_verify = AddVerb(
      *store, "verify", "Fold the whole ledger again beside the store and compare byte for byte",
      "dolen store verify --rebuild", line,
      [&line] { return RunStoreVerify(line.common, line.rebuild); });
  store_verify->add_flag("--rebuild", line.rebuild, "Fold again (without it: only print digests)");
  CLI::App* doctor =
      AddVerb(app, "doctor", "Say what is missing or misconfigured, and what to do", "dolen doctor",
              line, [&line] { return RunDoctor(line.common, line.doctor); });
  doctor->add_option(
      "--destinations", line.doctor.destinations,
      "Send a test to each destination of this routing file, and say what came back");
  doctor->add_flag("--confirm-time", line.doctor.confirm_time,
                   "The wall clock is right: go on with it");
  for (CLI::App* verb : {log_verify, store_verify, doctor}) {
    AddPlace(verb, line);
    AddFormat(verb, line);
  }
}

// What operators look after: what an upgrade holds back, and backfills.
void AddUpkeep(CLI::App& app, CommandLine& line) {
  CLI::App* revision = app.add_subcommand(
      "revision", "After an upgrade that judges otherwise: what is held back; tell it");
  revision->require_subcommand(1);
  revision->footer("Example:\n  dolen revision show\n  dolen revision release");
  CLI::App* show = AddVerb(
      *revision, "show", "List the changes of alerts that nobody is told of yet, and count them",
      "dolen revision show --format=json", line, [&line] { return RunRevisionShow(line.common); });
  AddFormat(show, line);
  CLI::App* release = AddVerb(*revision, "release", "Tell them: each once, in order",
                              "dolen revision release\n  dolen revision release --quiet", line,
                              [&line] { return RunRevisionRelease(line.common, line.revision); });
  release->add_flag("--quiet", line.revision.quiet,
                    "Tell readers of the alerts topic, and page nobody for it; steps that are "
                    "overdue stay open, so look at them first with dolen alerts");

  CLI::App* backfill =
      app.add_subcommand("backfill", "Backfills: list them, end one whose import broke off");
  backfill->require_subcommand(1);
  backfill->footer("Example:\n  dolen backfill list");
  CLI::App* list = AddVerb(*backfill, "list", "Say which there were, and which are open",
                           "dolen backfill list --format=json", line,
                           [&line] { return RunBackfillList(line.common); });
  AddFormat(list, line);
  CLI::App* end = AddVerb(*backfill, "end", "End one: what falls due from now on is told again",
                          "dolen backfill end import-2026-11-26", line,
                          [&line] { return RunBackfillEnd(line.common, line.backfill); });
  end->add_option("name", line.backfill.name, "Its name, as listed")->required();
  for (CLI::App* verb : {show, release, list, end}) AddPlace(verb, line);
  for (CLI::App* verb : {release, end}) {
    verb->add_option("--by", line.by, "Who decides (default: the login name)");
  }
}

int Main(int argc, char** argv) {
  CommandLine line;
  CLI::App app(
      "Dolen links what agencies around a child did into one timeline, and tells when a step "
      "that should have happened has not.");
  app.name("dolen");
  app.footer("Example:\n  dolen demo\nEvery verb has --help.");
  app.require_subcommand(1);
  app.set_version_flag("--version", std::string("dolen ") + DOLEN_VERSION);
  AddRunning(app, line);
  AddFiles(app, line);
  AddReading(app, line);
  AddAlerts(app, line);
  AddQuarantine(app, line);
  AddBooks(app, line);
  AddRouting(app, line);
  AddUpkeep(app, line);
  AddSimulate(app, line);
  AddProof(app, line);
  AddAudit(app, line);
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    return app.exit(error) == 0 ? kDone : kUsage;
  }
  for (const std::string& property : line.kafka_properties) {
    const std::pair<std::string, std::string> parts =
        absl::StrSplit(property, absl::MaxSplits('=', 1));
    line.common.place.kafka_properties[parts.first] = parts.second;
  }
  if (line.quarantine.by.empty()) line.quarantine.by = LoginName();
  if (line.by.empty()) line.by = LoginName();
  if (line.alert_deed.by.empty()) line.alert_deed.by = line.by;
  line.import.by = line.revision.by = line.backfill.by = line.by;
  return line.chosen();
}

}  // namespace
}  // namespace dolen

int main(int argc, char** argv) { return dolen::Main(argc, argv); }
