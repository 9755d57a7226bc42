// What `ecc build --record` wrote, read again by `ecc push --attest` and made into statements.
#include "compiler/record/predicates.h"
#include "packager/json.h"
#include "tests/fuzz/targets.h"

#include <cstdlib>

namespace ecc::fuzz {

namespace {

const std::string where = "fuzz";

void require(bool condition) {
    if (!condition)
        std::abort();
}

} // namespace

void record(ByteView input) {
    const auto record = build_record_from_json(as_text(input), where);
    require(record || record.error().fault == Fault::input);
    if (!record)
        return;
    // Only what is no UTF-8 is written in another way.
    const std::string written = build_record_to_json(*record);
    const auto again = build_record_from_json(written, where);
    require(again && build_record_to_json(*again) == written);
    for (const std::string& statement : {software_bill_of_materials(*record),
                                         build_provenance(*record, "urn:fuzz"), build_log_document(*record)})
        require(parse_json(statement).is_object());
}

} // namespace ecc::fuzz
