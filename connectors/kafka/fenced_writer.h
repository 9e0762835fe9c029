// The one writer of a partition under a name: a transactional producer, one transaction an Append.
// Contract: FencedWriter and kafka_log.h.
#ifndef DOLEN_CONNECTORS_KAFKA_FENCED_WRITER_H_
#define DOLEN_CONNECTORS_KAFKA_FENCED_WRITER_H_

#include <memory>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/types/span.h"
#include "connectors/kafka/client.h"
#include "engine/log/log.h"

namespace dolen {

class KafkaFencedWriter final : public FencedWriter {
 public:
  // Fences: when it returns, the writer before can append nothing more, and what it left open is
  // aborted. The partition was checked to be there.
  static absl::StatusOr<std::unique_ptr<KafkaFencedWriter>> Open(const KafkaOptions& options,
                                                                 const TopicPartition& to,
                                                                 const std::string& name);
  ~KafkaFencedWriter() override;

  absl::Status Append(absl::Span<const NewEntry> entries) override;

 private:
  // Shared with the thread that talks to librdkafka, which is left behind if it hangs.
  struct Session;

  explicit KafkaFencedWriter(std::shared_ptr<Session> session);

  std::shared_ptr<Session> session_;  // null: used up
  absl::Status used_up_;
};

}  // namespace dolen

#endif  // DOLEN_CONNECTORS_KAFKA_FENCED_WRITER_H_
