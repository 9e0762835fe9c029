#include "deploy/program/command_line.h"

#include <utility>

namespace dolen {

CLI::App* AddVerb(CLI::App& to, const std::string& name, const std::string& what,
                  const std::string& example, CommandLine& line, std::function<int()> run) {
  CLI::App* verb = to.add_subcommand(name, what);
  verb->footer("Example:\n  " + example);
  verb->callback([&line, run = std::move(run)] { line.chosen = run; });
  return verb;
}

void AddPlace(CLI::App* verb, CommandLine& line) {
  verb->add_option("--data", line.common.place.data, "Folder of the installation")
      ->capture_default_str();
  verb->add_option("--kafka", line.common.place.kafka,
                   "Bootstrap servers host:port; without it the local log in the folder is used");
  verb->add_option("--kafka-property", line.kafka_properties,
                   "name=value of librdkafka, for example security.protocol=SSL; may be repeated");
  verb->add_option("--prefix", line.common.place.prefix, "First word of the topics")
      ->capture_default_str();
  verb->add_option("--partitions", line.common.place.partitions,
                   "Partitions of a new ledger (default: 4, on Kafka 12); fixed when it is made");
}

void AddFormat(CLI::App* verb, CommandLine& line) {
  verb->add_option("--format", line.common.format, "text or json")
      ->check(CLI::IsMember({"text", "json"}))
      ->capture_default_str();
}

}  // namespace dolen
