import { createPinia } from 'pinia';
import { createApp } from 'vue';
import App from './App.vue';
import { connect, ENGINE } from './engine/connect';
import { createTexts } from './locales';
import './tokens.css';
import './base.css';
import './dropdown.css';
import './regions.css';
import './forced-colors.css';

const app = createApp(App);
app.provide(ENGINE, connect(window));
app.use(createPinia());
app.use(createTexts());
app.mount('#app');
