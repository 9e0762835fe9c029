// The command line of what people on call and those who route alerts do.
#include <string>

#include "deploy/program/command_line.h"

namespace dolen {
namespace {

// What people on call do with alerts.
void AddAlertDeeds(CLI::App& alerts, CommandLine& line) {
  struct Deed {
    const char *verb, *did, *what, *example;
  };
  const Deed deeds[] = {
      {"ack", "acknowledged", "You have seen it and see to it; further levels wait",
       "dolen alerts ack 3f2a91 --note=\"calling the school\""},
      {"snooze", "snoozed", "Tell it again later; say why",
       "dolen alerts snooze 3f2a91 --until=2h --note=\"meeting at noon\""},
      {"assign", "assigned", "Give it to another agency or team, who are told",
       "dolen alerts assign 3f2a91 --to=gwynfryn_council/duty_team"},
      {"resolve", "resolved", "It is settled, the evidence will come; say how",
       "dolen alerts resolve 3f2a91 --note=\"plan agreed by phone, sent today\""},
      {"note", "noted", "Leave a note on its trail", "dolen alerts note 3f2a91 --note=\"...\""},
  };
  AlertDeedFlags& flags = line.alert_deed;
  for (const Deed& deed : deeds) {
    const std::string did = deed.did;
    CLI::App* verb = AddVerb(alerts, deed.verb, deed.what, deed.example, line, [&line, did] {
      return RunAlertsDo(line.common, line.alert_deed, did);
    });
    AddPlace(verb, line);
    AddFormat(verb, line);
    verb->add_option("alerts", flags.alerts, "First digits of their ids, at least 6");
    verb->add_flag("--all", flags.all, "All that are open and fit --accountable and --level");
    verb->add_option("--accountable", flags.accountable, "With --all: only those of this agency");
    verb->add_option("--level", flags.level, "With --all: only this level");
    verb->add_option("--by", flags.by, "Who does it (default: the login name)");
    CLI::Option* note =
        verb->add_option("--note", flags.note, "Why, or how; it stays in the trail");
    if (did == "snoozed" || did == "resolved" || did == "noted") note->required();
    if (did == "snoozed") {
      verb->add_option("--until", flags.until, "Until when, 2026-01-05T09:00:00Z, or 30m, 2h, 1d")
          ->required();
    }
    if (did == "assigned") {
      verb->add_option("--to", flags.to, "AGENCY or AGENCY/TEAM")->required();
    }
  }
}

}  // namespace

void AddAlerts(CLI::App& app, CommandLine& line) {
  CLI::App* alerts = AddVerb(
      app, "alerts",
      "List what is open now, earliest due first; show one; acknowledge, snooze, assign, resolve",
      "dolen alerts --accountable=gwynfryn_council\n  dolen alerts show 3f2a91", line, nullptr);
  alerts->callback([alerts, &line] {
    if (!alerts->get_subcommands().empty()) return;
    line.chosen = [&line] { return RunAlertsList(line.common, line.alerts); };
  });
  alerts->add_option("--accountable", line.alerts.accountable, "Only those of this agency");
  alerts->add_option("--level", line.alerts.level, "Only this level, for example overdue");
  alerts->add_option("--limit", line.alerts.limit, "At most so many")->capture_default_str();
  CLI::App* show = AddVerb(
      *alerts, "show", "Say all of an alert: what was said, what people did, what was delivered",
      "dolen alerts show 3f2a91", line,
      [&line] { return RunAlertsShow(line.common, line.alert_deed.alerts); });
  show->add_option("alerts", line.alert_deed.alerts, "First digits of their ids, at least 6")
      ->required();
  CLI::App* link =
      AddVerb(*alerts, "link",
              "Print path and query of a signed link to its page; whoever has it may answer",
              "dolen alerts link 3f2a91", line,
              [&line] { return RunAlertsLink(line.common, line.alert_deed.alerts); });
  link->add_option("alerts", line.alert_deed.alerts, "First digits of their ids, at least 6")
      ->required();
  for (CLI::App* verb : {alerts, show, link}) {
    AddPlace(verb, line);
    AddFormat(verb, line);
  }
  AddAlertDeeds(*alerts, line);
}

void AddRouting(CLI::App& app, CommandLine& line) {
  CLI::App* routing = app.add_subcommand(
      "routing", "Which alert goes where: check the file, see how destinations fare, send again");
  routing->require_subcommand(1);
  routing->footer("Example:\n  dolen routing check routing.textproto");
  CLI::App* check = AddVerb(*routing, "check", "Say what is wrong in a routing file, with its line",
                            "dolen routing check routing.textproto", line,
                            [&line] { return RunRoutingCheck(line.common, line.book_files); });
  check->add_option("files", line.book_files, "Routing files in protobuf text format")->required();
  CLI::App* status =
      AddVerb(*routing, "status", "How many alerts wait for each destination, and why",
              "dolen routing status", line, [&line] { return RunRoutingStatus(line.common); });
  CLI::App* again = AddVerb(*routing, "send-again", "Send again what a destination was given up on",
                            "dolen routing send-again duty_pager", line,
                            [&line] { return RunRoutingSendAgain(line.common, line.destination); });
  again->add_option("destination", line.destination, "Its name in the routing file")->required();
  for (CLI::App* verb : {status, again}) AddPlace(verb, line);
  for (CLI::App* verb : {check, status, again}) AddFormat(verb, line);
}

}  // namespace dolen
