// Reads a whole log and says whether it is whole. For `dolen log verify`, and for comparing a log
// with its copy.
#ifndef DOLEN_ENGINE_LOG_VERIFY_H_
#define DOLEN_ENGINE_LOG_VERIFY_H_

#include <functional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "engine/base/digest.h"
#include "engine/log/log.h"

namespace dolen {

struct PartitionReport {
  TopicPartition of;
  Bounds bounds;
  int64_t records = 0;
  int64_t bytes = 0;      // of keys, values and headers
  RunningDigest content;  // offsets, keys, values, headers, in order
  RunningDigest times;    // when the log appended each: another log has its own
};

struct VerifyOptions {
  std::string prefix;  // of the topics to be read; empty: all
  // Topics in which offsets may be missing; none if it is empty.
  std::function<bool(const std::string& topic)> has_holes;
  // Called now and then with the records read so far, over all partitions.
  std::function<void(int64_t records)> progress;
};

// One report for each partition, by topic and number; or the first error: kDataLoss names topic,
// partition and offset. Reads up to the ends that it found on coming to a partition.
absl::StatusOr<std::vector<PartitionReport>> VerifyLog(Log& log, const VerifyOptions& options);

}  // namespace dolen

#endif  // DOLEN_ENGINE_LOG_VERIFY_H_
