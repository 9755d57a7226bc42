// SPDX-License-Identifier: GPL-2.0 OR BSD-3-Clause
#include "capability.h"

int answer(struct __sk_buff* skb);

__attribute__((noinline)) int answer(struct __sk_buff* skb) {
    return skb->len ? 1 : 2;
}

SEC("?tc")
int entry(struct __sk_buff* skb) {
    return answer(skb);
}

SEC("?freplace/answer")
int probe(struct __sk_buff* skb) {
    report(42);
    return 42;
}
