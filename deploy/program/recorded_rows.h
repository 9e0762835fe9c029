// The rows of files as a recorded log: every event with its stated time, sorted, ready to be
// admitted.
#ifndef DOLEN_DEPLOY_PROGRAM_RECORDED_ROWS_H_
#define DOLEN_DEPLOY_PROGRAM_RECORDED_ROWS_H_

#include <cstdint>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "connectors/files/mapping.h"
#include "connectors/files/rows.h"

namespace dolen {

struct RecordedEvent {
  absl::Time time;  // recorded, else occurred
  int file = 0;     // index of its file
  int64_t row = 0;  // ordinal in its file
  FileEvent event;
};

struct RecordedRows {
  std::vector<std::string> files;
  std::vector<RecordedEvent> events;  // by time, file, row
  std::vector<BadRow> bad;            // in the order of files and rows
  // Of rows: one for each event of a good row, one for a filtered and one for a bad row.
  int64_t read = 0;
  int64_t filtered = 0;
};

// Opens a file: a census by its ".xml" name, anything else as CSV through the mapping (which may be
// nullptr for a census). Errors name the file.
absl::StatusOr<std::unique_ptr<RowSource>> OpenRows(const std::string& path,
                                                    const CheckedMapping* mapping);

// Reads all files. Events later than `until` are not read, and not counted.
absl::StatusOr<RecordedRows> ReadRecordedRows(const std::vector<std::string>& files,
                                              const CheckedMapping* mapping, absl::Time until);

// Reads a mapping file; kInvalidArgument lists its errors.
absl::StatusOr<CheckedMapping> LoadMapping(const std::string& path);

}  // namespace dolen

#endif  // DOLEN_DEPLOY_PROGRAM_RECORDED_ROWS_H_
