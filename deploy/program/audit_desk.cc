#include "deploy/program/audit_desk.h"

#include <limits>
#include <vector>

#include "absl/strings/ascii.h"
#include "absl/strings/escaping.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/str_split.h"
#include "absl/strings/strip.h"
#include "engine/audit/audit_log.h"
#include "engine/audit/audit_reader.h"
#include "engine/base/status.h"
#include "engine/base/time.h"
#include "nlohmann/json.hpp"

namespace dolen {
namespace {

using Json = nlohmann::ordered_json;

absl::StatusOr<AuditHead> HeadOf(absl::string_view noted) {
  AuditHead head;
  if (noted.empty()) return head;
  const std::pair<absl::string_view, absl::string_view> parts =
      absl::StrSplit(noted, absl::MaxSplits(':', 1));
  const bool is_hex = parts.second.size() == 64 &&
                      parts.second.find_first_not_of("0123456789abcdef") == std::string::npos;
  if (!absl::SimpleAtoi(parts.first, &head.number) || head.number == 0 || !is_hex) {
    return absl::InvalidArgumentError(
        "noted: write a head as it was printed, NUMBER:HASH with 64 hex digits");
  }
  head.hash = absl::HexStringToBytes(parts.second);
  return head;
}

std::string HeadText(const AuditHead& head) {
  return absl::StrCat(head.number, ":", absl::BytesToHexString(head.hash));
}

std::string ExtentText(const audit::v1::Read& read) {
  return absl::AsciiStrToLower(
      absl::StripPrefix(audit::v1::Read::Extent_Name(read.extent()), "EXTENT_"));
}

std::string ToText(const audit::v1::Read& read) {
  return absl::StrFormat("%s  %-20s %-16s %-16s %-10s %s%s\n", Rfc3339(FromTimestamp(read.at())),
                         read.subject(), read.agency(), read.purpose(), ExtentText(read),
                         read.what(),
                         read.emergency().empty() ? "" : "  emergency: " + read.emergency());
}

// Nobody has read anything yet where there is no such topic.
absl::StatusOr<bool> IsThere(Log& log, const TopicNames& names) {
  DOLEN_ASSIGN_OR_RETURN(const std::vector<std::string> topics, log.Topics(names.Audit()));
  return !topics.empty();
}

}  // namespace

Json ReadJson(const audit::v1::Read& read) {
  return {{"number", read.number()},
          {"at", Rfc3339(FromTimestamp(read.at()))},
          {"subject", read.subject()},
          {"client", read.client()},
          {"agency", read.agency()},
          {"roles", std::vector<std::string>(read.role().begin(), read.role().end())},
          {"purpose", read.purpose()},
          {"what", read.what()},
          {"children", std::vector<std::string>(read.child().begin(), read.child().end())},
          {"extent", ExtentText(read)},
          {"emergency", read.emergency()}};
}

absl::StatusOr<std::string> VerifyAuditChain(Log& log, const TopicNames& names,
                                             absl::string_view noted, Format format) {
  DOLEN_ASSIGN_OR_RETURN(const AuditHead head, HeadOf(noted));
  DOLEN_ASSIGN_OR_RETURN(const bool is_there, IsThere(log, names));
  AuditReport report;
  if (is_there) {
    DOLEN_ASSIGN_OR_RETURN(report, VerifyAudit(log, names, head, [](const audit::v1::Read&) {}));
  }
  const bool holds = noted.empty() || report.has_noted;
  if (format == Format::kJson) {
    const Json json = {
        {"holds", holds}, {"reads", report.head.number}, {"head", HeadText(report.head)}};
    return json.dump() + "\n";
  }
  std::string text = absl::StrCat("The chain holds over ", report.head.number, " reads.\n");
  if (report.head.number > 0) {
    absl::StrAppend(&text, "Note its head elsewhere: ", HeadText(report.head), "\n");
  }
  if (!holds) {
    text = absl::StrCat("The head that was noted, ", noted, ", is not in the chain of ",
                        report.head.number, " reads: its end was cut off or made anew.\n");
  }
  return text;
}

absl::StatusOr<std::string> ReadersOf(Log& log, const TopicNames& names, const ChildKey& child,
                                      Format format) {
  DOLEN_ASSIGN_OR_RETURN(const bool is_there, IsThere(log, names));
  std::vector<audit::v1::Read> reads;
  if (is_there) {
    AuditReader reader(&log, names);
    ReadsQuery query;
    query.child = child.Hex();
    query.limit = std::numeric_limits<size_t>::max();
    DOLEN_ASSIGN_OR_RETURN(reads, reader.Find(query));
  }
  std::string out;
  for (const audit::v1::Read& read : reads) {
    out += format == Format::kJson ? ReadJson(read).dump() + "\n" : ToText(read);
  }
  if (format == Format::kText && out.empty()) out = "Nobody has read this record.\n";
  return out;
}

}  // namespace dolen
