// Text as mail carries it: RFC 5322 lines, RFC 2047 headers, RFC 2045 quoted-printable. Pure.
#ifndef DOLEN_CONNECTORS_ALERTING_MIME_H_
#define DOLEN_CONNECTORS_ALERTING_MIME_H_

#include <string>

#include "absl/strings/string_view.h"
#include "absl/time/time.h"

namespace dolen {

// "Name: value" with its line break. Text that is not plain ASCII, or too long for a line, becomes
// encoded words of UTF-8 that are cut between characters.
std::string HeaderLine(absl::string_view name, absl::string_view text);

// Lines of at most 76 characters that end in CRLF; "\n" in `text` is a line break.
std::string QuotedPrintable(absl::string_view text);

// "Thu, 26 Nov 2026 14:05:09 +0000".
std::string MailDate(absl::Time time);

// One mailbox, "NAME@HOST", without a display name and without anything that could end it.
bool IsMailbox(absl::string_view address);

// Text for HTML, also inside quoted attributes.
std::string HtmlEscaped(absl::string_view text);

}  // namespace dolen

#endif  // DOLEN_CONNECTORS_ALERTING_MIME_H_
