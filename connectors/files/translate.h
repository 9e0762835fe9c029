// One row of fields to events, as a mapping says. Internal to connectors/files.
#ifndef DOLEN_CONNECTORS_FILES_TRANSLATE_H_
#define DOLEN_CONNECTORS_FILES_TRANSLATE_H_

#include <string>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "absl/types/optional.h"
#include "absl/types/span.h"
#include "connectors/files/mapping.h"
#include "connectors/files/rows.h"

namespace dolen {

// What is wrong with a row, and in which of its fields (from 1; 0: no one field).
struct RowFault {
  int column = 0;
  Rejection rejection;
};

// A mapping bound to the columns of one file.
class Translator {
 public:
  // kInvalidArgument: a column that the mapping names is not among `columns`, or is there twice.
  static absl::StatusOr<Translator> Bind(const mapping::v1::Mapping& mapping,
                                         absl::Span<const std::string> columns);

  // Appends the row's events, whose ids are still empty where the row has none of its own; none:
  // the row is filtered. `fields` has as many texts as there are columns, in UTF-8. On a fault,
  // `events` is as it was. `names` gets the name of each event's template.
  absl::optional<RowFault> Translate(absl::Span<const std::string> fields,
                                     std::vector<event::v1::Event>& events,
                                     std::vector<FileEvent>& files,
                                     std::vector<std::string>& names) const;

 private:
  using Columns = std::vector<int>;
  struct BoundFilter {
    int column = 0;
    mapping::v1::Filter filter;
  };
  struct BoundValue {
    Columns columns;
    mapping::v1::Value value;
    absl::flat_hash_map<std::string, std::string> map;
  };
  struct BoundMoment {
    Columns columns;
    std::vector<std::string> formats;
    absl::TimeZone zone;
    bool day = false;
  };
  struct BoundMatter {
    absl::optional<BoundValue> agency;
    BoundValue id;
  };
  struct BoundChild {
    std::string issuer;
    BoundValue value;
  };
  struct BoundField {
    std::string name;
    absl::optional<BoundValue> code, number;
    absl::optional<BoundMoment> when;
  };
  // A plain text that goes to the field of the same name of Open or Private.
  struct BoundText {
    const google::protobuf::FieldDescriptor* field = nullptr;
    bool is_private = false;
    BoundValue value;
  };
  struct Template {
    std::string name;
    std::vector<BoundFilter> when;
    std::vector<BoundChild> child;
    absl::optional<BoundMatter> matter, continues;
    BoundValue is, agency;
    BoundMoment occurred;
    absl::optional<BoundMoment> recorded, effective, until, birth_date;
    absl::optional<BoundValue> event_id, sequence;
    std::vector<BoundText> texts;
    std::vector<BoundField> fields;
  };
  // A time that was read, and the day where only that is meant.
  struct Read {
    absl::Time time;
    event::v1::When when;
  };
  class Binder;
  class Maker;

  static bool Keeps(const std::vector<BoundFilter>& filters, absl::Span<const std::string> fields);

  std::vector<std::string> columns_;
  std::vector<BoundFilter> keep_;
  std::vector<Template> templates_;
};

}  // namespace dolen

#endif  // DOLEN_CONNECTORS_FILES_TRANSLATE_H_
