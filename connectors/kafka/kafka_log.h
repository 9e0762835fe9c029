// The log on Apache Kafka: the port of engine/log/log.h on librdkafka. Whoever wires the program
// needs this header only; librdkafka stays behind it.
//
// Contract beyond the port's:
// - Every topic has LogAppendTime: Entry::appended is the broker's clock. A reader with
//   Holes::kNever refuses records that carry a producer's time (kFailedPrecondition).
// - A topic that is there already must have the partitions, timestamps, cleanup and retention that
//   the TopicSpec asks for; otherwise CreateTopic says kFailedPrecondition and names the setting.
// - Read: a hole, a mark of a transaction where none may be (Holes::kNever), and damage are
//   kDataLoss; a truncated log is kOutOfRange; both stay until the reader is opened again. Lost
//   brokers are kUnavailable once; the reader goes on by itself.
// - LogAppender: after an error of Flush it is used up; open a new one and append again.
// - FencedWriter: after any error it is used up. After kAborted, too, the outcome is known by
//   reading back only. kUnknown also comes, with nothing sent, when the commit before was asked for
//   more than once: a delayed request to commit could hit the next transaction.
// - An outcome other than kUnknown or kAborted of a FencedWriter means that nothing was written.
//
// Threads and destruction: as in the port. Each reader, appender and writer owns a connection and
// some three threads of librdkafka; a backlogged reader holds up to kReadAheadKbytes of records.
#ifndef DOLEN_CONNECTORS_KAFKA_KAFKA_LOG_H_
#define DOLEN_CONNECTORS_KAFKA_KAFKA_LOG_H_

#include <functional>
#include <map>
#include <memory>
#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "engine/log/log.h"

namespace dolen {

struct KafkaOptions {
  // host:port, or several with commas.
  std::string bootstrap;
  // Further properties of librdkafka: security.protocol, ssl.*, sasl.*, and sizes. What guards
  // correctness (idempotence, isolation, offset reset ...) cannot be overridden.
  std::map<std::string, std::string> properties;
  std::string client_id = "dolen";
  // First word of transactional ids: two installations on one Kafka must differ in it.
  std::string deployment = "dolen";
  // Copies of each new topic's partitions; -1: as the broker is set up. From 3 on a record counts
  // when two brokers have it.
  int replication = -1;
  // How long a question to the broker may take.
  absl::Duration patience = absl::Seconds(15);
  // How long an appender tries to deliver a record, so that a broker may start again meanwhile.
  absl::Duration delivery = absl::Seconds(60);
  // Lines of librdkafka's own log (severity as in syslog): hosts, topics and errors, never records.
  // Called from its threads. Absent: dropped.
  std::function<void(int severity, absl::string_view line)> log;
};

// kUnavailable if no broker answers, kInvalidArgument for a property that librdkafka refuses.
absl::StatusOr<std::unique_ptr<Log>> OpenKafkaLog(KafkaOptions options);

}  // namespace dolen

#endif  // DOLEN_CONNECTORS_KAFKA_KAFKA_LOG_H_
