#include "packager/decoded_members.h"

#include "support/letter_case.h"

#include <cstring>
#include <set>
#include <utility>

namespace ecc {
namespace {

using Names = std::set<std::string_view>;

const Names fields = {
    // manifests, indexes and descriptors, OCI's and docker's; platforms
    "annotations", "architecture", "artifacttype", "blobs", "config", "data", "digest", "fslayers", "layers",
    "manifests", "mediatype", "os", "os.features", "os.version", "platform", "schemaversion", "size",
    "subject", "urls", "variant", "imagelayoutversion",
    // configs of images and Wasm modules
    "argsescaped", "author", "cmd", "comment", "container", "container_config", "created", "created_by",
    "diff_ids", "docker_version", "empty_layer", "entrypoint", "env", "exposedports", "healthcheck",
    "history", "id", "labels", "layerdigests", "onbuild", "parent", "rootfs", "shell", "stopsignal", "type",
    "user", "volumes", "workingdir",
    // bundles, envelopes, statements, and what cosign signed before it made those
    "_type", "certificate", "content", "critical", "docker-manifest-digest", "docker-reference",
    "downloadlocation", "dsseenvelope", "hint", "identity", "image", "keyid", "messagesignature", "name",
    "optional", "payload", "payloadtype", "predicate", "predicatetype", "publickey", "sig", "signatures",
    "timestampverificationdata", "tlogentries", "uri", "verificationmaterial", "x509certificatechain",
    // logins, keys, and answers of registries
    "access_token", "auth", "auths", "cipher", "ciphertext", "code", "credhelpers", "credsstore", "detail",
    "email", "errors", "expires_in", "httpheaders", "identitytoken", "issued_at", "kdf", "message", "nonce",
    "params", "password", "refresh_token", "registrytoken", "salt", "secret", "serveraddress", "serverurl",
    "tags", "token", "username"};

const Names maps = {"annotations", "auths", "credhelpers", "httpheaders", "labels"};

/// An in-toto statement's, and what a signer of cosign adds to its payload.
const Names free_content = {"predicate", "optional"};

constexpr std::size_t max_length = 100; ///< more than any of them has, written in the longest way

/// As encoding/json compares names. Of Unicode's simple case folding only these two lead from beyond ASCII
/// into it.
std::string folded(std::string name) {
    for (const auto& [sign, letter] : {std::pair{"\u017f", "s"}, std::pair{"\u212a", "k"}})
        for (std::size_t at = 0; (at = name.find(sign, at)) != name.npos;)
            name.replace(at, std::strlen(sign), letter);
    return lower_case(std::move(name));
}

} // namespace

std::string field_of(std::string_view member) {
    if (member.size() > max_length)
        return {};
    std::string field = folded(std::string(member));
    return fields.contains(field) ? field : std::string();
}

JsonNames names_within(std::string_view field) {
    if (free_content.contains(field))
        return JsonNames::data;
    return maps.contains(field) ? JsonNames::keys : JsonNames::fields;
}

} // namespace ecc
