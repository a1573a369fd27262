package inspect

// describe fills what a report says beside its candidates.
func (t *tree) describe(r *Report) {
	r.goal = t.goal
	r.Tooling = t.tooling()
	r.Commands = t.commands(r.Tooling)
	p, _ := t.packageJSON()
	r.scripts, r.recipes = p.Scripts, t.recipes()
	r.Data, r.tables = t.readData()
	shelf := t.shelve(r.Candidates)
	r.Systems = shelf.systems()
	r.Systems = append(r.Systems, shelf.programs(r.Tooling)...)
	r.Systems = append(r.Systems, shelf.servers(r.Tooling)...)
	r.Threats = shelf.threats()
}
