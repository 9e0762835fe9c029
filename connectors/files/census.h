// The children-in-need census of the Department for Education (England) as events. pugixml is
// included by census.cc only. Source: "Children in need census: guide and specification" and its
// XML schema (2022, 2024); the elements are named in the table in census.cc and in README.md.
//
// The authority speaks: agency "la_<LEA>", child (issuer "la_<LEA>", LAchildID). Everything is a
// civil day. Matters: "cin-<day>" of a referral; "s47-<day>" of each section 47 enquiry, so that
// each has clocks of its own; "cpp-<day>" of each child protection plan; "-2" and so on where a
// child has several on one day. The latter two continue the first. Personal data (UPN, birth,
// ethnicity) are not taken.
//
// A census has no events, only their dates, and says the same again each year: an event's id is a
// hash of what it says, so the next year's file adds only what is new. ICPCnotRequired has no date
// of its own: it becomes "conference_not_required" on the enquiry's first day, marked by the field
// dated_by.
#ifndef DOLEN_CONNECTORS_FILES_CENSUS_H_
#define DOLEN_CONNECTORS_FILES_CENSUS_H_

#include <memory>
#include <string>

#include "absl/status/statusor.h"
#include "connectors/files/rows.h"

namespace dolen {

// A census file in memory: the largest authorities return some 40 MiB, and its tree takes three
// times that.
inline constexpr size_t kMaxCensusBytes = 256 * 1024 * 1024;

// Reads the whole file (plain or gzipped). Each date of each child is one row: an event, or a
// BadRow that names the element's path in its sentence, with line and character. XML that breaks
// off gives a BadRow, and the children that are whole before it go on. A header without a usable
// LEA makes every child bad; a reference date that is not the 31 March of its year is one BadRow,
// and the children go on. kInvalidArgument: the file is not a census at all.
absl::StatusOr<std::unique_ptr<RowSource>> OpenCensus(const std::string& path);

}  // namespace dolen

#endif  // DOLEN_CONNECTORS_FILES_CENSUS_H_
