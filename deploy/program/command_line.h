// What the command line can say, and what its verbs have in common. Private to the program.
#ifndef DOLEN_DEPLOY_PROGRAM_COMMAND_LINE_H_
#define DOLEN_DEPLOY_PROGRAM_COMMAND_LINE_H_

#include <functional>
#include <string>
#include <vector>

#include "CLI/CLI.hpp"
#include "deploy/program/verbs.h"

namespace dolen {

// Everything the command line can say; filled in by parsing, read by the verb that was chosen.
struct CommandLine {
  Common common;
  std::vector<std::string> kafka_properties;
  ReplayFlags replay;
  ServeFlags serve;
  DemoFlags demo;
  ImportFlags import;
  PublishFlags publish;
  TimelineFlags timeline;
  AlertsFlags alerts;
  AlertDeedFlags alert_deed;
  QuarantineFlags quarantine;
  std::vector<std::string> book_files;
  std::string by;
  std::string destination;
  BookExplainFlags explain;
  std::string diff_before, diff_after;
  std::vector<std::string> with;
  SimulateFlags simulate;
  bool rebuild = false;
  RevisionFlags revision;
  BackfillFlags backfill;
  DoctorFlags doctor;
  AuditFlags audit;
  std::function<int()> chosen;
};

// A verb, its help with an example, and what it runs.
CLI::App* AddVerb(CLI::App& to, const std::string& name, const std::string& what,
                  const std::string& example, CommandLine& line, std::function<int()> run);
// Where it works: --data, --kafka ...
void AddPlace(CLI::App* verb, CommandLine& line);
// --format
void AddFormat(CLI::App* verb, CommandLine& line);

// Verbs about alerts, and about where they go.
void AddAlerts(CLI::App& app, CommandLine& line);
void AddRouting(CLI::App& app, CommandLine& line);
// Verbs about who has read what.
void AddAudit(CLI::App& app, CommandLine& line);

}  // namespace dolen

#endif  // DOLEN_DEPLOY_PROGRAM_COMMAND_LINE_H_
