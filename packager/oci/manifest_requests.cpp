#include "packager/oci/manifest_requests.h"

#include "packager/oci/checked_sink.h"
#include "packager/oci/image_manifest.h"
#include "support/digest.h"

#include <fmt/format.h>

namespace ecc {
namespace {

constexpr long precondition_failed = 412;

/// Everything that could be there, so that a wrong artifact is named for what it is. Without Accept,
/// docker-registry answers 404 to OCI manifests.
const std::string accept_manifests =
    fmt::format("Accept: {}, {}, {}, {}, {}", media_type::image_manifest, media_type::image_index,
                media_type::docker_manifest, media_type::docker_list, media_type::artifact_manifest);

std::string media_type_of(const HttpReply& reply) {
    std::string type = reply.header("content-type");
    return type.substr(0, type.find_first_of("; "));
}

Result<HttpReply> put(RepositoryClient& client, const std::string& media_type, std::string_view text,
                      const std::string& selector, std::vector<std::string> headers) {
    ECC_TRY(auto put, client.request("PUT", "manifests/" + selector));
    put.content_type = media_type;
    put.body = as_bytes(text);
    put.headers = std::move(headers);
    return client.send(std::move(put));
}

Result<void> check_stored(const RepositoryClient& client, const HttpReply& reply, const std::string& digest) {
    if (reply.status != 201)
        return std::unexpected(client.failure("store the manifest", reply));
    std::string stored = reply.header("docker-content-digest");
    if (!stored.empty() && stored != digest)
        return environment_error(
            client.target().host,
            fmt::format("the registry stored the manifest as {}; expected {}", stored, digest));
    return {};
}

/// Weak tags ("W/…") match nothing (RFC 9110, 8.8.3.2).
std::vector<std::string> condition(const TagVersion& version) {
    if (!version.manifest)
        return {"If-None-Match: *"};
    if (!version.etag.starts_with('"'))
        return {};
    return {"If-Match: " + version.etag};
}

} // namespace

Result<TagVersion> fetch_version(RepositoryClient& client, const std::string& selector) {
    ECC_TRY(auto get, client.request("GET", "manifests/" + selector));
    get.headers = {accept_manifests};
    get.reply_limit = max_image_manifest_size;
    ECC_TRY(auto reply, client.send(std::move(get)));
    if (reply.status == 404)
        return TagVersion{};
    if (reply.status != 200)
        return std::unexpected(client.failure("send the manifest", reply));
    std::string promised = reply.header("docker-content-digest");
    if (std::string found = sha256_digest(as_bytes(reply.body));
        is_sha256_digest(promised) && promised != found)
        return input_error(
            client.where(),
            fmt::format("wrong digest: the manifest is {}; the registry says {}", found, promised),
            damaged_hint);
    return TagVersion{StoredManifest{media_type_of(reply), std::move(reply.body)}, reply.header("etag")};
}

Result<std::optional<StoredManifest>> fetch_manifest(RepositoryClient& client, const std::string& selector) {
    ECC_TRY(auto version, fetch_version(client, selector));
    return std::move(version.manifest);
}

Result<bool> store_manifest(RepositoryClient& client, const Descriptor& manifest, std::string_view text,
                            const std::string& selector) {
    ECC_TRY(auto reply, put(client, manifest.media_type, text, selector, {}));
    ECC_CHECK(check_stored(client, reply, manifest.digest));
    return !reply.header("oci-subject").empty();
}

Result<bool> replace_version(RepositoryClient& client, const TagVersion& version,
                             const StoredManifest& manifest, const std::string& tag) {
    ECC_TRY(auto reply, put(client, manifest.media_type, manifest.text, tag, condition(version)));
    if (reply.status == precondition_failed)
        return false;
    ECC_CHECK(check_stored(client, reply, manifest.descriptor().digest));
    return true;
}

} // namespace ecc
