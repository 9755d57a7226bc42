#include "packager/oci/manifest_requests.h"

#include "packager/oci/checked_sink.h"
#include "packager/oci/image_manifest.h"
#include "support/digest.h"

#include <fmt/format.h>

namespace ecc {
namespace {

/// Everything that could be there, so that a wrong artifact is named for what it is. Without Accept,
/// docker-registry answers 404 to OCI manifests.
const std::string accept_manifests =
    fmt::format("Accept: {}, {}, {}, {}, {}", media_type::image_manifest, media_type::image_index,
                media_type::docker_manifest, media_type::docker_list, media_type::artifact_manifest);

std::string media_type_of(const HttpReply& reply) {
    std::string type = reply.header("content-type");
    return type.substr(0, type.find_first_of("; "));
}

} // namespace

Result<std::optional<StoredManifest>> fetch_manifest(RepositoryClient& client, const std::string& selector) {
    ECC_TRY(auto get, client.request("GET", "manifests/" + selector));
    get.headers = {accept_manifests};
    get.reply_limit = max_image_manifest_size;
    ECC_TRY(auto reply, client.send(std::move(get)));
    if (reply.status == 404)
        return std::nullopt;
    if (reply.status != 200)
        return std::unexpected(client.failure("send the manifest", reply));
    std::string promised = reply.header("docker-content-digest");
    if (std::string found = sha256_digest(as_bytes(reply.body));
        is_sha256_digest(promised) && promised != found)
        return input_error(
            client.where(),
            fmt::format("wrong digest: the manifest is {}; the registry says {}", found, promised),
            damaged_hint);
    return StoredManifest{media_type_of(reply), std::move(reply.body)};
}

Result<bool> store_manifest(RepositoryClient& client, const Descriptor& manifest, std::string_view text,
                            const std::string& selector) {
    ECC_TRY(auto put, client.request("PUT", "manifests/" + selector));
    put.content_type = manifest.media_type;
    put.body = as_bytes(text);
    ECC_TRY(auto reply, client.send(std::move(put)));
    if (reply.status != 201)
        return std::unexpected(client.failure("store the manifest", reply));
    std::string stored = reply.header("docker-content-digest");
    if (!stored.empty() && stored != manifest.digest)
        return environment_error(
            client.target().host,
            fmt::format("the registry stored the manifest as {}; expected {}", stored, manifest.digest));
    return !reply.header("oci-subject").empty();
}

Result<bool> remove_manifest(RepositoryClient& client, const std::string& digest) {
    ECC_TRY(auto request, client.request("DELETE", "manifests/" + digest));
    ECC_TRY(auto reply, client.send(std::move(request)));
    if (reply.status == 404)
        return false;
    if (!reply.ok())
        return std::unexpected(client.failure("delete the manifest", reply));
    return true;
}

} // namespace ecc
