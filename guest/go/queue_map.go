// SPDX-License-Identifier: Apache-2.0

package guest

// QueueMap is a queue (BPF_MAP_TYPE_QUEUE) or stack (BPF_MAP_TYPE_STACK) of values of the type V.
type QueueMap[V any] struct {
	elements *TypedMap[struct{}, V]
}

// NewQueueMap is EINVAL if the map's values have another size, or it is neither a queue nor a stack.
func NewQueueMap[V any](m *Map) (*QueueMap[V], error) {
	if m.info.Type != typeQueue && m.info.Type != typeStack {
		return nil, kindError(m.name, "it is neither a queue nor a stack")
	}
	elements, err := NewTypedMap[struct{}, V](m)
	if err != nil {
		return nil, err
	}
	return &QueueMap[V]{elements}, nil
}

// Map returns the map itself.
func (q *QueueMap[V]) Map() *Map { return q.elements.m }

// Push adds a value: E2BIG if it is full.
func (q *QueueMap[V]) Push(value V) error { return q.elements.Update(struct{}{}, value, UpdateAny) }

// PushOver adds a value, in place of the oldest one if it is full.
func (q *QueueMap[V]) PushOver(value V) error {
	return q.elements.Update(struct{}{}, value, UpdateReplace)
}

// Pop takes the next value out: the oldest of a queue, the newest of a stack. False if there is none.
func (q *QueueMap[V]) Pop() (V, bool, error) { return q.elements.LookupAndDelete(struct{}{}) }

// Peek returns the value that Pop would, which stays. False if there is none.
func (q *QueueMap[V]) Peek() (V, bool, error) { return q.elements.Lookup(struct{}{}) }
