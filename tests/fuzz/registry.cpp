// The readers of what registries answer and of what people type to name an artifact.
#include "packager/json.h"
#include "packager/oci/challenge.h"
#include "packager/oci/http_range.h"
#include "packager/oci/image_index.h"
#include "packager/oci/image_manifest.h"
#include "packager/oci/layout_index.h"
#include "packager/oci/listing.h"
#include "packager/oci/manifest_links.h"
#include "packager/oci/reference.h"
#include "packager/oci/retry.h"
#include "packager/oci/url.h"
#include "packager/oci/wasm_artifact.h"
#include "tests/fuzz/targets.h"

#include <cstdlib>

namespace ecc::fuzz {

namespace {

const std::string where = "fuzz";
constexpr std::size_t most_challenges = 17;

void require(bool condition) {
    if (!condition)
        std::abort();
}

void require_fault(const auto& result, Fault fault) {
    require(result || result.error().fault == fault);
}

void read_reference(std::string_view text) {
    const auto reference = parse_reference(text);
    require_fault(reference, Fault::usage);
    if (!reference)
        return;
    // What is written reads as the same, and neither part leads out of its place.
    require(parse_reference(reference->text()) == *reference);
    require(reference->tag.empty() || is_tag(reference->tag));
    require(reference->is_layout() || is_repository(reference->repository));
    require(reference->is_layout() || is_registry_host(reference->host));
}

void read_challenges(std::string_view header) {
    const auto challenges = parse_challenges(header);
    require(challenges.size() <= most_challenges);
    for (const Challenge& challenge : challenges)
        for (const auto& [name, value] : challenge.parameters)
            require(name.size() + value.size() <= header.size());
    merge_scopes(header, "repository:a/b:pull");
}

void read_ranges(std::string_view header) {
    if (const auto range = parse_content_range(header)) {
        require(range->first <= range->last);
        require(!range->total || range->last < *range->total);
    }
    parse_upload_range(header);
    const auto wait = parse_retry_after(std::string(header));
    require(!wait || wait->count() >= 0);
}

void read_urls(std::string_view text) {
    static const Url base = parse_url("https://registry.example:5000/v2/a/blobs/uploads/1?state=x").value();
    next_link(text);
    const auto url = resolve_url(base, std::string(text));
    require_fault(url, Fault::environment);
    if (!url)
        return;
    require(url->scheme == "http" || url->scheme == "https");
    require(!url->host.empty() && !url->port.empty());
    const auto again = parse_url(url->text);
    require(again && again->same_origin(*url));
    require_fault(with_query(*url, {{"digest", std::string(text)}}), Fault::environment);
}

void read_manifest(std::string_view text) {
    const auto manifest = image_manifest_from_json(text, media_type::image_manifest, where);
    require_fault(manifest, Fault::input);
    require_fault(manifest_links({std::string(media_type::image_manifest), std::string(text)}, where),
                  Fault::input);
    require_fault(manifest_links({std::string(media_type::artifact_manifest), std::string(text)}, where),
                  Fault::input);
    if (!manifest)
        return;
    require_fault(wasm_layer_of(*manifest, where), Fault::input);
    require(image_manifest_from_json(image_manifest_to_json(*manifest), media_type::image_manifest, where) ==
            *manifest);
}

void read_index(std::string_view text) {
    const auto index = image_index_from_json(text, media_type::image_index, where);
    require_fault(index, Fault::input);
    require_fault(manifest_links({std::string(media_type::image_index), std::string(text)}, where),
                  Fault::input);
    if (index)
        require(image_index_from_json(image_index_to_json(*index), media_type::image_index, where) == *index);
}

void read_layout_index(std::string_view text) {
    auto index = LayoutIndex::parse(text, where);
    require_fault(index, Fault::input);
    if (!index)
        return;
    for (const std::string& tag : index->tags())
        index->find(tag);
    index->add(describe(media_type::image_manifest, as_bytes(text)), "fuzz");
    require(LayoutIndex::parse(index->text(), where).has_value());
}

void read_title(std::string_view title) {
    const std::string name = safe_file_name(title, "package");
    require(!name.empty() && name[0] != '.' && name[0] != '-' && name.ends_with(".wasm"));
    require(name.find_first_of(std::string_view("/\0\n\033", 4)) == name.npos);
}

constexpr void (*readers[])(std::string_view) = {read_reference,    read_challenges, read_ranges,
                                                 read_urls,         read_manifest,   read_index,
                                                 read_layout_index, read_title};

} // namespace

void registry(ByteView input) {
    if (!input.empty())
        readers[input[0] % std::size(readers)](as_text(input.subspan(1)));
}

} // namespace ecc::fuzz
