// Rows of files as events: what `import` and `replay` read. A CSV file (plain or gzipped) goes
// through a mapping (mapping.h), a children-in-need census through census.h; both are a RowSource.
//
// What a row says is put into a dolen.event.v1.Event, serialised; whether it may be admitted is for
// admission to say. A row that cannot become an event is a BadRow and the rest goes on.
//
// Identity: an event without an id of its own gets "row-" and a hash over the raw fields of its
// row, then the template's name where a row gives several events, then the ordinal among identical
// rows of its file from the second on. So the same file read twice, or under another name, gives
// the same events.
//
// Threads: a source is used by one at a time. Memory: one row, and 16 bytes for each row read.
#ifndef DOLEN_CONNECTORS_FILES_ROWS_H_
#define DOLEN_CONNECTORS_FILES_ROWS_H_

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "absl/types/optional.h"
#include "absl/types/variant.h"
#include "connectors/files/mapping.h"
#include "engine/admission/reasons.h"

namespace dolen {

struct FileEvent {
  std::string bytes;     // dolen.event.v1.Event
  std::string agency;    // who speaks; its intake topic is where this belongs
  std::string event_id;  // with agency and child the event's identity
  // The instant; of a civil day its first instant in the mapping's zone (census: Europe/London).
  absl::Time occurred;
  absl::optional<absl::Time> recorded;  // absent: the file does not say
  // As the file knows them: the first of the child's numbers, and the matter.
  std::string child_issuer, child_value;
  std::string matter_agency, matter_id;  // both empty: the standing matter
};

// A row that was read: its events, at least one; none when filters left it out.
struct GoodRow {
  std::string file;
  int64_t line = 0;  // on which it begins, from 1
  std::vector<FileEvent> events;
  bool filtered() const { return events.empty(); }
};

// A row that could not be read. `rejection.code` is one of admission's or one of kRow... below;
// `rejection.sentence` names columns, never what stands in them.
struct BadRow {
  std::string file;
  int64_t line = 0;  // on which it begins, from 1; 0: not known
  int column =
      0;  // number of the field in its row, or of the character in an XML line; 0: no one place
  Rejection rejection;
  std::string raw;  // for quarantine; personal
  // "cases.csv:12: column 3: bad_time: ..."
  std::string Text() const;
  // "cases.csv:12: column 3", for Quarantined.place.
  std::string Place() const;
};

// Codes of this connector (admission's are in engine/admission/reasons.h).
inline constexpr char kRowWrongColumns[] = "wrong_columns";  // more or fewer fields than the header
inline constexpr char kRowBadQuoting[] = "bad_quoting";
inline constexpr char kRowTooLong[] = "row_too_long";
inline constexpr char kRowUnknownValue[] = "unknown_value";  // not in the mapping's table
inline constexpr char kRowMissingValue[] = "missing_value";
inline constexpr char kRowBadTime[] = "bad_time";
inline constexpr char kRowBadNumber[] = "bad_number";
inline constexpr char kRowBadName[] = "bad_name";  // no lower_snake_case where that is needed
inline constexpr char kRowDamagedFile[] = "damaged_file";  // the file ends or breaks here
inline constexpr char kRowBadXml[] = "bad_xml";
inline constexpr char kRowBadHeader[] = "bad_header";  // of a census

using FileRow = absl::variant<GoodRow, BadRow>;

class RowSource {
 public:
  virtual ~RowSource() = default;
  // The next row in file order; nullopt at the end. Errors are the world's (the disk); what is
  // wrong with the file itself is a BadRow, after which the end may follow.
  virtual absl::StatusOr<absl::optional<FileRow>> Next() = 0;
};

// Opens a CSV file. `mapping` must be ok() and is copied. kInvalidArgument when mapping and file do
// not fit: the sentence says which column the header lacks, and which it has.
absl::StatusOr<std::unique_ptr<RowSource>> OpenCsv(const std::string& path,
                                                   const CheckedMapping& mapping);

// Ordinals among identical rows; shared by CSV and census.
std::string RowEventId(absl::string_view row_hash, absl::string_view name, int64_t ordinal);
// Hash of the fields of a row: 32 hex digits. Lengths are part of it, so that no two rows collide
// by where their fields end.
class RowHash {
 public:
  void Add(absl::string_view field);
  std::string Hex() const;

 private:
  std::string text_;
};

}  // namespace dolen

#endif  // DOLEN_CONNECTORS_FILES_ROWS_H_
