package inspect

// describe fills what a report says beside its candidates.
func (t *tree) describe(r *Report) {
	r.Tooling = t.tooling()
	r.Commands = t.commands(r.Tooling)
	r.Data = t.readData()
	shelf := t.shelve(r.Candidates)
	r.Systems = shelf.systems()
	r.Threats = shelf.threats()
}
