// import and publish: files in.
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/str_split.h"
#include "absl/time/clock.h"
#include "absl/types/optional.h"
#include "deploy/program/book_file.h"
#include "deploy/program/door.h"
#include "deploy/program/progress.h"
#include "deploy/program/recorded_rows.h"
#include "deploy/program/verbs.h"
#include "dolen/event/v1/event.pb.h"
#include "dolen/ledger/v1/delivery.pb.h"
#include "engine/admission/check.h"
#include "engine/base/status.h"
#include "engine/base/time.h"
#include "google/protobuf/text_format.h"
#include "google/protobuf/util/json_util.h"
#include "nlohmann/json.hpp"

namespace dolen {
namespace {

using Json = nlohmann::ordered_json;

// Values in one request to a running `dolen serve`: well below the body it takes.
constexpr int kItemsPerRequest = 1000;
constexpr size_t kBytesPerRequest = 4 * 1024 * 1024;

struct ImportCounts {
  int64_t read = 0, filtered = 0, delivered = 0, quarantined = 0;
};

// Sends rows in batches, each through admission.
class Importer {
 public:
  Importer(Door* door, std::string backfill, std::string topic, Progress* progress)
      : door_(door), topic_(std::move(topic)), progress_(progress) {
    delivery_.set_backfill(std::move(backfill));
  }

  absl::Status Take(const FileRow& row) {
    if (const BadRow* bad = absl::get_if<BadRow>(&row)) {
      ++counts.read;
      absl::FPrintF(stderr, "%s\n", bad->Text());
      ledger::v1::DeliveryItem& item = Add(bad->raw, bad->Place());
      item.set_reason(bad->rejection.code);
      item.set_field(bad->rejection.field);
      item.set_sentence(bad->rejection.sentence);
      return MaySend();
    }
    const GoodRow& good = absl::get<GoodRow>(row);
    if (good.filtered()) {
      ++counts.read;
      ++counts.filtered;
    }
    for (const FileEvent& event : good.events) {
      ++counts.read;
      ledger::v1::DeliveryItem& item = Add(event.bytes, absl::StrCat(good.file, ":", good.line));
      item.set_agency(event.agency);
    }
    return MaySend();
  }

  absl::Status Send() {
    if (delivery_.item_size() == 0) return absl::OkStatus();
    DOLEN_ASSIGN_OR_RETURN(const std::string body,
                           door_->Ask(Post({"v1", "admit"}, delivery_.SerializeAsString())));
    ledger::v1::Delivered delivered;
    if (!delivered.ParseFromString(body)) return absl::InternalError("the answer is unreadable");
    counts.delivered += delivered.admitted();
    counts.quarantined += delivered.quarantined();
    for (const std::string& refusal : delivered.refusal()) {
      const std::pair<std::string, std::string> parts =
          absl::StrSplit(refusal, absl::MaxSplits(": ", 1));
      const int index = std::stoi(parts.first);
      absl::FPrintF(stderr, "%s: %s\n", delivery_.item(index).place(), parts.second);
    }
    delivery_.clear_item();
    bytes_ = 0;
    progress_->Show(counts.read, 0);
    return absl::OkStatus();
  }

  ImportCounts counts;

 private:
  ledger::v1::DeliveryItem& Add(const std::string& value, const std::string& place) {
    ledger::v1::DeliveryItem& item = *delivery_.add_item();
    item.set_value(value);
    item.set_place(place);
    item.mutable_intake()->set_topic(topic_);
    item.mutable_intake()->set_offset(next_++);
    bytes_ += value.size() + place.size() + topic_.size() + 32;
    return item;
  }
  absl::Status MaySend() {
    if (delivery_.item_size() < kItemsPerRequest && bytes_ < kBytesPerRequest) {
      return absl::OkStatus();
    }
    return Send();
  }

  Door* const door_;
  const std::string topic_;
  Progress* const progress_;
  ledger::v1::Delivery delivery_;
  size_t bytes_ = 0;
  int64_t next_ = 0;
};

HttpRequest BackfillRequest(const std::string& name, const std::string& what,
                            const ImportFlags& flags) {
  HttpRequest request = Post({"v1", "backfills", name, what});
  request.query["by"] = flags.by;
  return request;
}

absl::StatusOr<Json> Import(Door& door, const ImportFlags& flags, const CheckedMapping* mapping,
                            const std::string& name) {
  // The topic names this run, so that what became of its records can be counted beside what others
  // do meanwhile.
  const std::string topic = absl::StrCat("import/", name, "/", absl::ToUnixMicros(absl::Now()));
  DOLEN_ASSIGN_OR_RETURN(const std::string from, door.Ask(Get({"v1", "ends"}, Common())));
  const std::string backfill = flags.live ? "" : name;
  if (!flags.live) {
    DOLEN_RETURN_IF_ERROR(door.Ask(BackfillRequest(name, "begin", flags)).status());
  }
  Progress progress("import");
  Importer importer(&door, backfill, topic, &progress);
  for (const std::string& file : flags.files) {
    DOLEN_ASSIGN_OR_RETURN(const std::unique_ptr<RowSource> rows, OpenRows(file, mapping));
    for (;;) {
      DOLEN_ASSIGN_OR_RETURN(const absl::optional<FileRow> row, rows->Next());
      if (!row) break;
      DOLEN_RETURN_IF_ERROR(importer.Take(*row));
    }
  }
  DOLEN_RETURN_IF_ERROR(importer.Send());
  progress.End();
  if (!flags.live) {
    DOLEN_RETURN_IF_ERROR(door.Ask(BackfillRequest(name, "end", flags)).status());
  }
  HttpRequest count = Get({"v1", "count"}, Common());
  count.query["topic"] = topic;
  count.query["from"] = from;
  DOLEN_ASSIGN_OR_RETURN(const std::string counted, door.Ask(count));
  const Json became = Json::parse(counted, nullptr, false);
  const int64_t events = became.value("events", int64_t{0});
  const int64_t conflicts = became.value("conflicts", int64_t{0});
  const ImportCounts& c = importer.counts;
  return Json{{"backfill", backfill},
              {"read", c.read},
              {"filtered", c.filtered},
              {"admitted", events},
              {"duplicates", c.delivered - events - conflicts},
              {"conflicts", conflicts},
              {"quarantined", c.quarantined}};
}

// The events of one file; errors name the file and, for one object a line, the line.
absl::StatusOr<std::vector<event::v1::Event>> ReadEvents(const std::string& path) {
  DOLEN_ASSIGN_OR_RETURN(const std::string text, ReadFile(path));
  event::v1::Events events;
  if (absl::EndsWith(path, ".textproto") || absl::EndsWith(path, ".txt")) {
    if (!google::protobuf::TextFormat::ParseFromString(text, &events)) {
      return absl::InvalidArgumentError(
          absl::StrCat(path, ": no dolen.event.v1.Events in protobuf text format (event { ... })"));
    }
    return std::vector<event::v1::Event>(events.event().begin(), events.event().end());
  }
  std::vector<event::v1::Event> read;
  const auto parse = [&](absl::string_view json, absl::string_view where) -> absl::Status {
    event::v1::Event event;
    const auto status = google::protobuf::util::JsonStringToMessage(std::string(json), &event);
    if (!status.ok()) {
      return absl::InvalidArgumentError(
          absl::StrCat(path, where, ": no dolen.event.v1.Event: ", status.message().as_string()));
    }
    read.push_back(std::move(event));
    return absl::OkStatus();
  };
  const nlohmann::json whole = nlohmann::json::parse(text, nullptr, false);
  if (whole.is_object()) {
    DOLEN_RETURN_IF_ERROR(parse(text, ""));
  } else if (whole.is_array()) {
    for (size_t i = 0; i < whole.size(); ++i) {
      DOLEN_RETURN_IF_ERROR(parse(whole[i].dump(), absl::StrCat(": item ", i)));
    }
  } else {
    int line = 0;
    for (const absl::string_view one : absl::StrSplit(text, '\n')) {
      ++line;
      if (absl::StripAsciiWhitespace(one).empty()) continue;
      DOLEN_RETURN_IF_ERROR(parse(one, absl::StrCat(":", line)));
    }
  }
  return read;
}

}  // namespace

int RunImport(const Common& common, const ImportFlags& flags) {
  absl::optional<CheckedMapping> mapping;
  if (!flags.mapping.empty()) {
    absl::StatusOr<CheckedMapping> loaded = LoadMapping(flags.mapping);
    if (!loaded.ok()) return Fail(loaded.status());
    mapping = *std::move(loaded);
  }
  const absl::StatusOr<std::unique_ptr<Door>> door = Door::Open(common.place, WhereNone::kMake);
  if (!door.ok()) return Fail(door.status());
  const std::string name =
      flags.name.empty() ? absl::StrCat("import-", Rfc3339(absl::Now())) : flags.name;
  const absl::StatusOr<Json> done = Import(**door, flags, mapping ? &*mapping : nullptr, name);
  if (!done.ok()) {
    if (!flags.live) {
      absl::FPrintF(
          stderr,
          "dolen: the import broke off; say it again with --name=%s: what is there already "
          "is not added twice; or end its backfill: dolen backfill end %s\n",
          name, name);
    }
    return Fail(done.status());
  }
  if (common.json()) {
    absl::PrintF("%s\n", Json{{"summary", *done}}.dump());
    return kDone;
  }
  absl::PrintF(
      "%d rows read = %d filtered + %d admitted + %d duplicates + %d conflicts + %d quarantined\n",
      done->value("read", 0), done->value("filtered", 0), done->value("admitted", 0),
      done->value("duplicates", 0), done->value("conflicts", 0), done->value("quarantined", 0));
  return kDone;
}

int RunPublish(const Common& common, const PublishFlags& flags) {
  ledger::v1::Delivery delivery;
  int refused = 0;
  for (const std::string& file : flags.files) {
    const absl::StatusOr<std::vector<event::v1::Event>> events = ReadEvents(file);
    if (!events.ok()) return Fail(absl::InvalidArgumentError(events.status().message()));
    for (size_t i = 0; i < events->size(); ++i) {
      const event::v1::Event& event = (*events)[i];
      ledger::v1::DeliveryItem& item = *delivery.add_item();
      item.set_agency(flags.agency.empty() ? event.open().agency() : flags.agency);
      item.set_value(event.SerializeAsString());
      Received received;
      received.agency = item.agency();
      received.value = item.value();
      const auto checked = CheckEvent(received, absl::Now());
      if (const Rejection* no = absl::get_if<Rejection>(&checked);
          no != nullptr && !flags.unchecked) {
        absl::FPrintF(stderr, "%s: event %d: %s: %s: %s\n", file, i, no->code, no->field,
                      no->sentence);
        ++refused;
      }
    }
  }
  if (refused > 0) {
    absl::FPrintF(stderr, "dolen: nothing was sent\n");
    return kNo;
  }
  const absl::StatusOr<std::unique_ptr<Door>> door = Door::Open(common.place, WhereNone::kMake);
  if (!door.ok()) return Fail(door.status());
  const absl::StatusOr<std::string> sent =
      (*door)->Ask(Post({"v1", "publish"}, delivery.SerializeAsString()));
  if (!sent.ok()) return Fail(sent.status());
  if (common.json()) {
    absl::PrintF("{\"sent\":%d}\n", delivery.item_size());
  } else {
    absl::PrintF("%d events sent\n", delivery.item_size());
  }
  return kDone;
}

}  // namespace dolen
